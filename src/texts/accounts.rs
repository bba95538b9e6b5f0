//! Clients, tokens and linked subjects.

super::texts! {
    registry_moves_clients
        "Only the registry itself moves a client to another office."
        "클라이언트를 다른 기관으로 옮기는 것은 등록부만 할 수 있습니다."
        "Клиентийг өөр байгууллагад зөвхөн бүртгэл өөрөө шилжүүлнэ.";
    outside_your_networks(address)
        "You call from {address}, which these networks do not contain; with confirm_fence=true it is done all the same."
        "{address}에서 호출하고 있는데 이 네트워크들에 포함되지 않습니다. confirm_fence=true를 주면 그래도 수행합니다."
        "Та {address}-ээс хандаж байна, энэ нь эдгээр сүлжээнд багтахгүй; confirm_fence=true өгвөл ямар ч байсан гүйцэтгэнэ.";
    not_yours_to_grant(scopes)
        "This would hand out scopes that your token does not hold: {scopes}."
        "토큰에 없는 스코프를 주게 됩니다: {scopes}."
        "Энэ нь таны токенд байхгүй эрхийн хүрээг олгох болно: {scopes}.";
    not_acting_for(office)
        "Your token does not act for the office '{office}'."
        "이 토큰은 '{office}' 기관을 대신하지 않습니다."
        "Таны токен '{office}' байгууллагын өмнөөс ажилладаггүй.";
    last_administrator
        "This is the last usable administrator of the registry; make another one first."
        "등록부에서 쓸 수 있는 마지막 관리자입니다. 먼저 다른 관리자를 만드세요."
        "Энэ бол бүртгэлийн сүүлчийн ашиглах боломжтой админ; эхлээд өөр админ үүсгэнэ үү.";
    read_again(current)
        "It is at version {current} by now; read it again."
        "지금은 버전 {current}입니다. 다시 읽으세요."
        "Одоо {current}-р хувилбартай байна; дахин уншина уу.";
    one_end_only
        "Give `expires_in_days` or `expires_at`, not both."
        "`expires_in_days`와 `expires_at` 중 하나만 주세요."
        "`expires_in_days` эсвэл `expires_at`-ийн аль нэгийг л өгнө үү.";
    no_instant(text)
        "'{text}' is no instant."
        "'{text}'은(는) 시각이 아닙니다."
        "'{text}' нь агшин биш.";
    life_in_days(longest)
        "A token lives 1 to {longest} days."
        "토큰의 수명은 1일에서 {longest}일입니다."
        "Токен 1-ээс {longest} хоног хүчинтэй байна.";
    ends_within_days(longest)
        "A token ends after now and within {longest} days."
        "토큰은 지금 이후, {longest}일 이내에 끝나야 합니다."
        "Токен одооноос хойш {longest} хоногийн дотор дуусна.";
    longer_than_maker(days, latest)
        "A token that you make lives at most as long as the one that you use was given: {days} days, until {latest}."
        "만드는 토큰의 수명은 지금 쓰는 토큰이 받은 수명을 넘을 수 없습니다: {days}일, {latest}까지."
        "Таны үүсгэсэн токен таны хэрэглэж буй токенд өгсөн хугацаанаас урт байж болохгүй: {days} хоног, {latest} хүртэл.";
    not_your_networks(networks)
        "This would give rights outside of the networks that your own client is bound to: {networks}."
        "자신의 클라이언트가 묶인 네트워크 밖에서 권한을 주게 됩니다: {networks}."
        "Энэ нь таны клиентийн хязгаарлагдсан сүлжээнээс гадуур эрх олгох болно: {networks}.";
    secret_needed
        "You use an access token; clients and tokens are made, changed and ended with the secret itself."
        "액세스 토큰을 쓰고 있습니다. 클라이언트와 토큰은 비밀값 자체로만 만들고 바꾸고 끝낼 수 있습니다."
        "Та хандалтын токен хэрэглэж байна; клиент ба токеныг зөвхөн нууц утгаар өөрөөр нь үүсгэж, өөрчилж, дуусгана.";
    name_needed
        "A name is needed."
        "이름이 필요합니다."
        "Нэр шаардлагатай.";
    name_too_long
        "A name has 200 characters at most."
        "이름은 최대 200자입니다."
        "Нэр дээд тал нь 200 тэмдэгттэй.";
    name_in_one_line
        "A name is one line, without control characters."
        "이름은 제어 문자가 없는 한 줄이어야 합니다."
        "Нэр нь удирдах тэмдэгтгүй нэг мөр байна.";
    no_network(text)
        "'{text}' is no network; write 10.0.0.0/8, 2001:db8::/32 or a single address."
        "'{text}'은(는) 네트워크가 아닙니다. 10.0.0.0/8, 2001:db8::/32 또는 단일 주소로 쓰세요."
        "'{text}' нь сүлжээ биш; 10.0.0.0/8, 2001:db8::/32 эсвэл нэг хаяг бичнэ үү.";
    at_most_networks(most)
        "At most {most} networks."
        "네트워크는 최대 {most}개입니다."
        "Дээд тал нь {most} сүлжээ.";
    no_scope(text)
        "There is no scope {text}."
        "{text}라는 스코프는 없습니다."
        "{text} гэсэн эрхийн хүрээ байхгүй.";
    no_role(role)
        "There is no role {role}."
        "{role}라는 역할은 없습니다."
        "{role} гэсэн үүрэг байхгүй.";
    scopes_or_role
        "Give `scopes` or `role`, not both: a role is a name for scopes."
        "`scopes`와 `role` 중 하나만 주세요. 역할은 스코프 묶음의 이름입니다."
        "`scopes` эсвэл `role`-ийн аль нэгийг л өгнө үү: үүрэг бол эрхийн хүрээнүүдийн нэр.";
    scopes_needed
        "Give `scopes`, or a `role`."
        "`scopes` 또는 `role`을 주세요."
        "`scopes` эсвэл `role` өгнө үү.";
    grace_seconds(longest)
        "The old token goes on for 0 to {longest} seconds."
        "이전 토큰은 0~{longest}초 동안 계속 쓸 수 있습니다."
        "Хуучин токен 0-ээс {longest} секунд үргэлжилнэ.";
    own_token
        "A token cannot rotate itself; use another one, or the host."
        "토큰은 자기 자신을 교체할 수 없습니다. 다른 토큰이나 호스트를 사용하세요."
        "Токен өөрийгөө солих боломжгүй; өөр токен эсвэл хост хэрэглэнэ үү.";
    earlier_end(end)
        "It must lie after now and before {end}; a longer life takes a new secret."
        "지금 이후, {end} 이전이어야 합니다. 수명을 늘리려면 새 비밀값이 필요합니다."
        "Одооноос хойш, {end}-ээс өмнө байх ёстой; илүү урт хугацаанд шинэ нууц утга хэрэгтэй.";
    token_ended
        "The token was revoked or has expired; make a new one for its client."
        "토큰이 폐기되었거나 만료되었습니다. 클라이언트에 새 토큰을 만드세요."
        "Токен хүчингүй болсон эсвэл хугацаа нь дууссан; клиентэд нь шинийг үүсгэнэ үү.";
    id_form(prefix)
        "The id must be `{prefix}_` and 26 characters."
        "id는 `{prefix}_`와 26자여야 합니다."
        "id нь `{prefix}_` ба 26 тэмдэгт байх ёстой.";
    issuer_url
        "Give the issuer's URL exactly as its tokens have it in `iss`, https://sso.example/realms/a for instance."
        "발급자의 URL을 토큰의 `iss`에 있는 그대로 주세요(예: https://sso.example/realms/a)."
        "Олгогчийн URL-ийг токен дахь `iss`-ийн яг адил өгнө үү, жишээ нь https://sso.example/realms/a.";
    subject_form(longest)
        "Give the subject exactly as tokens have it in `sub`: 1 to {longest} bytes."
        "주체를 토큰의 `sub`에 있는 그대로 주세요: 1~{longest}바이트."
        "Субъектийг токен дахь `sub`-ийн яг адил өгнө үү: 1-{longest} байт.";
    registry_links
        "Subjects of other issuers are linked by the registry's own administrators."
        "다른 발급자의 주체는 등록부 관리자가 연결합니다."
        "Бусад олгогчийн субъектийг бүртгэлийн админууд холбодог.";
    subject_taken
        "The subject is linked to another client."
        "이 주체는 다른 클라이언트에 연결되어 있습니다."
        "Субъект өөр клиенттэй холбогдсон байна.";
    client_has_more_scopes
        "The client holds scopes that you do not hold, so you cannot give them on."
        "클라이언트에 당신이 갖지 않은 스코프가 있어 넘겨줄 수 없습니다."
        "Клиентэд танд байхгүй эрхийн хүрээ байгаа тул та дамжуулан өгч чадахгүй.";
    id_of_kind(id, prefix)
        "'{id}' is not an id of this kind: {prefix}_ and 26 characters."
        "'{id}'은(는) 이 종류의 id가 아닙니다: {prefix}_와 26자."
        "'{id}' нь энэ төрлийн id биш: {prefix}_ ба 26 тэмдэгт.";
}
