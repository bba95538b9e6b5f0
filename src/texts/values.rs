//! The rules of values.

super::texts! {
    count_has_no_value(qualifier)
        "A count that is {qualifier} has no value."
        "{qualifier}인 수에는 값이 없습니다."
        "{qualifier} тоонд утга байхгүй.";
    count_needs_value
        "A count needs a value; where none is stated, the qualifier is `unknown`."
        "수에는 값이 필요합니다. 명시되지 않았으면 qualifier는 `unknown`입니다."
        "Тоонд утга хэрэгтэй; заагаагүй бол qualifier нь `unknown`.";
    count_not_negative
        "A count is 0 or more."
        "수는 0 이상이어야 합니다."
        "Тоо 0 буюу түүнээс их байна.";
    period_reversed(to, from)
        "{to} lies before {from}."
        "{to}이(가) {from}보다 앞섭니다."
        "{to} нь {from}-ээс өмнө байна.";
    open_period_has_no_end
        "An open period has no end: leave `to` null or set `open` to false."
        "열린 기간에는 끝이 없습니다. `to`를 null로 두거나 `open`을 false로 하세요."
        "Нээлттэй хугацаа төгсгөлгүй: `to`-г null үлдээх, эсвэл `open`-ийг false болгоно уу.";
    subdivision_needs_country(subdivision)
        "{subdivision} needs its country beside it."
        "{subdivision}에는 국가를 함께 주어야 합니다."
        "{subdivision}-ийн хажууд улсыг нь өгөх ёстой.";
    subdivision_of_other_country(subdivision, country)
        "{subdivision} is no subdivision of {country}."
        "{subdivision}은(는) {country}의 행정구역이 아닙니다."
        "{subdivision} нь {country}-ийн нэгж биш.";
}
