//! Who calls, and what is not theirs to see or do.

super::texts! {
    token_revoked
        "The token was revoked."
        "토큰이 폐기되었습니다."
        "Токен хүчингүй болсон.";
    rights_changed
        "The rights of the client have changed since the token was made; ask /oauth/token for a new one."
        "토큰이 만들어진 뒤 클라이언트의 권한이 바뀌었습니다. /oauth/token에서 새 토큰을 받으세요."
        "Токен үүссэнээс хойш клиентийн эрх өөрчлөгдсөн; /oauth/token-оос шинийг авна уу.";
    subject_not_linked
        "The subject of the token is not linked to a client of this registry."
        "토큰의 주체가 이 등록부의 클라이언트에 연결되어 있지 않습니다."
        "Токены субъект энэ бүртгэлийн клиенттэй холбогдоогүй байна.";
    linked_client_ended
        "The client that the subject is linked to is suspended, or its office was deleted."
        "주체가 연결된 클라이언트가 정지되었거나 그 기관이 삭제되었습니다."
        "Субъекттэй холбогдсон клиент түдгэлзсэн, эсвэл байгууллага нь устсан.";
    token_no_longer_counts
        "The token was revoked, its client is suspended, or its office was deleted."
        "토큰이 폐기되었거나, 클라이언트가 정지되었거나, 기관이 삭제되었습니다."
        "Токен хүчингүй болсон, клиент нь түдгэлзсэн, эсвэл байгууллага нь устсан.";
    send_bearer
        "Send the header Authorization: Bearer <token>."
        "Authorization: Bearer <token> 헤더를 보내세요."
        "Authorization: Bearer <token> толгойг илгээнэ үү.";
    quota_used_up(limit, reset)
        "The token's {limit} requests of this minute are used up; go on in {reset} seconds."
        "이 토큰의 1분 요청 {limit}건을 모두 사용했습니다. {reset}초 뒤에 계속하세요."
        "Токены энэ минутын {limit} хүсэлт дууссан; {reset} секундын дараа үргэлжлүүлнэ үү.";
    address_must_wait(address, seconds)
        "Too many tokens from {address} were refused; try again in {seconds} seconds."
        "{address}에서 온 토큰이 너무 많이 거부되었습니다. {seconds}초 뒤에 다시 시도하세요."
        "{address}-ээс ирсэн хэт олон токеныг татгалзсан; {seconds} секундын дараа дахин оролдоно уу.";
    token_expired
        "The token has expired."
        "토큰이 만료되었습니다."
        "Токены хугацаа дууссан.";
    no_token_of_ours
        "The Authorization header does not carry a token of this service."
        "Authorization 헤더에 이 서비스의 토큰이 없습니다."
        "Authorization толгойд энэ үйлчилгээний токен алга.";
    not_from_address(address)
        "The token may not be used from {address}."
        "이 토큰은 {address}에서 사용할 수 없습니다."
        "Энэ токеныг {address}-ээс хэрэглэж болохгүй.";
    issuer_silent
        "The issuer of the token cannot be asked for its keys. Try again."
        "토큰 발급자에게 키를 요청할 수 없습니다. 다시 시도하세요."
        "Токен олгогчоос түлхүүрийг нь авах боломжгүй байна. Дахин оролдоно уу.";
    no_signing_key
        "This service has no key to sign access tokens with. Send the secret itself as the bearer token."
        "이 서비스에는 액세스 토큰에 서명할 키가 없습니다. 비밀값 자체를 Bearer 토큰으로 보내세요."
        "Энэ үйлчилгээнд хандалтын токенд гарын үсэг зурах түлхүүр алга. Нууц утгыг өөрийг нь bearer токен болгон илгээнэ үү.";
    client_and_secret
        "The client's id and secret do not belong together, or the secret no longer counts."
        "클라이언트 id와 비밀값이 서로 맞지 않거나, 비밀값이 더 이상 유효하지 않습니다."
        "Клиентийн id ба нууц утга хоорондоо таарахгүй, эсвэл нууц утга хүчингүй болсон.";
    only_grant_type
        "The only grant_type here is client_credentials."
        "여기서 쓸 수 있는 grant_type은 client_credentials뿐입니다."
        "Энд зөвхөн client_credentials гэсэн grant_type байна.";
    client_lacks_scope(scope)
        "The client does not hold the scope {scope}."
        "클라이언트에 {scope} 스코프가 없습니다."
        "Клиентэд {scope} эрхийн хүрээ алга.";
    secret_sent_twice
        "Send the secret in the Authorization header or in the form, not in both."
        "비밀값은 Authorization 헤더나 폼 중 한 곳으로만 보내세요."
        "Нууц утгыг Authorization толгойгоор эсвэл маягтаар л илгээнэ үү, хоёуланг нь биш.";
    two_clients_named
        "The form names another client than the Authorization header."
        "폼이 Authorization 헤더와 다른 클라이언트를 가리킵니다."
        "Маягт нь Authorization толгойгоос өөр клиентийг нэрлэсэн байна.";
    not_your_record
        "Your office may not see this record."
        "귀 기관은 이 레코드를 볼 수 없습니다."
        "Танай байгууллага энэ бичлэгийг харж болохгүй.";
    no_record_you_see
        "There is no record with this id that you may see."
        "이 id로 볼 수 있는 레코드가 없습니다."
        "Таны харж болох ийм id-тай бичлэг байхгүй.";
    scope_needed(scopes)
        "This operation needs the scope {scopes}, which the token does not hold."
        "이 연산에는 {scopes} 스코프가 필요하지만 토큰에 없습니다."
        "Энэ үйлдэлд {scopes} эрхийн хүрээ хэрэгтэй бөгөөд токенд алга.";
    all_scopes_needed(scopes)
        "This operation needs the scopes {scopes}, which the token does not hold."
        "이 연산에는 {scopes} 스코프가 모두 필요하지만 토큰에 없습니다."
        "Энэ үйлдэлд {scopes} эрхийн хүрээ бүгд хэрэгтэй бөгөөд токенд алга.";
    one_scope_needed(scopes)
        "This operation needs one of the scopes {scopes}, none of which the token holds."
        "이 연산에는 {scopes} 스코프 중 하나가 필요하지만 토큰에 없습니다."
        "Энэ үйлдэлд {scopes} эрхийн хүрээний нэг нь хэрэгтэй бөгөөд токенд алга.";
}
