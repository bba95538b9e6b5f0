//! What the schema of a body finds.

super::texts! {
    no_such_member
        "There is no such member here."
        "여기에는 그런 항목이 없습니다."
        "Энд тийм талбар байхгүй.";
    must_be_given
        "This member must be given."
        "이 항목을 주어야 합니다."
        "Энэ талбарыг өгөх ёстой.";
    no_allowed_form
        "The value has none of the forms that are allowed here."
        "여기서 허용되는 어떤 형식에도 맞지 않습니다."
        "Энд зөвшөөрөгдөх аль ч хэлбэрт тохирохгүй.";
    wrong_type(expected, found)
        "The value must be {expected}, not {found}."
        "값은 {expected}여야 하며 {found}이(가) 아닙니다."
        "Утга {expected} байх ёстой, {found} биш.";
    integer_bounds
        "The value must be an integer between -2^63 and 2^63 - 1, without fraction or exponent."
        "값은 소수부나 지수가 없는 -2^63에서 2^63 - 1 사이의 정수여야 합니다."
        "Утга бутархай, зэрэггүй, -2^63-аас 2^63 - 1 хүртэлх бүхэл тоо байх ёстой.";
    must_be_form(form)
        "The value must be {form}."
        "값은 다음 형식이어야 합니다: {form}."
        "Утга дараах хэлбэртэй байх ёстой: {form}.";
    must_match(pattern)
        "The value must match {pattern}."
        "값은 {pattern}과(와) 일치해야 합니다."
        "Утга {pattern}-тай таарах ёстой.";
    must_match_such_as(pattern, example)
        "The value must match {pattern}, such as {example}."
        "값은 {pattern}과(와) 일치해야 합니다(예: {example})."
        "Утга {pattern}-тай таарах ёстой, жишээ нь {example}.";
    too_many_characters(found, limit)
        "The text has {found} characters; at most {limit} are allowed."
        "{found}자입니다. 최대 {limit}자까지 허용됩니다."
        "{found} тэмдэгттэй байна; дээд тал нь {limit}.";
    at_least(limit)
        "The value must be at least {limit}."
        "값은 {limit} 이상이어야 합니다."
        "Утга {limit}-аас багагүй байх ёстой.";
    at_most(limit)
        "The value must be at most {limit}."
        "값은 {limit} 이하여야 합니다."
        "Утга {limit}-аас ихгүй байх ёстой.";
    more_than(limit)
        "The value must be more than {limit}."
        "값은 {limit}보다 커야 합니다."
        "Утга {limit}-аас их байх ёстой.";
    less_than(limit)
        "The value must be less than {limit}."
        "값은 {limit}보다 작아야 합니다."
        "Утга {limit}-аас бага байх ёстой.";
    named_twice
        "The list names a value twice."
        "같은 값이 두 번 있습니다."
        "Нэг утгыг хоёр удаа нэрлэсэн байна.";
    not_to_be_given
        "This member must not be given."
        "이 항목은 줄 수 없습니다."
        "Энэ талбарыг өгч болохгүй.";
    not_valid
        "The value does not fit the schema of this member."
        "값이 이 항목의 스키마에 맞지 않습니다."
        "Утга энэ талбарын схемд тохирохгүй байна.";
    none_of_allowed
        "The value is none of those that are allowed."
        "허용되는 값이 아닙니다."
        "Зөвшөөрөгдсөн утгуудын аль нь ч биш.";
    too_many_items(found, limit)
        "There are {found} items; at most {limit} are allowed."
        "{found}개입니다. 최대 {limit}개까지 허용됩니다."
        "{found} зүйлтэй байна; дээд тал нь {limit}.";
    empty
        "The value must not be empty."
        "비어 있으면 안 됩니다."
        "Хоосон байж болохгүй.";
    too_few(found, limit)
        "There are {found}; at least {limit} are needed."
        "{found}개입니다. 적어도 {limit}개가 필요합니다."
        "{found} байна; дор хаяж {limit} хэрэгтэй.";
    of_key(finding)
        "Of the key: {finding}"
        "키: {finding}"
        "Түлхүүр: {finding}";
    missing_here
        "The member has a value now and is missing here; to remove the value, send null."
        "지금 값이 있는데 여기에는 없습니다. 값을 지우려면 null을 보내세요."
        "Одоо утгатай боловч энд алга; утгыг арилгахын тулд null илгээнэ үү.";
    forbidden_text
        "The text holds U+0000 or half of a surrogate pair, which cannot be stored."
        "저장할 수 없는 U+0000 또는 서로게이트 쌍의 반쪽이 들어 있습니다."
        "Хадгалах боломжгүй U+0000 эсвэл орлуулагч хосын тал агуулсан байна.";
}
