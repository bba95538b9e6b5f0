//! What keeps the service from reading or writing.

super::texts! {
    database_silent_nothing_changed
        "The database does not answer. Nothing was changed; try again."
        "데이터베이스가 응답하지 않습니다. 변경된 것은 없습니다. 다시 시도하세요."
        "Өгөгдлийн сан хариу өгөхгүй байна. Юу ч өөрчлөгдөөгүй; дахин оролдоно уу.";
    database_silent
        "The database does not answer. Try again."
        "데이터베이스가 응답하지 않습니다. 다시 시도하세요."
        "Өгөгдлийн сан хариу өгөхгүй байна. Дахин оролдоно уу.";
    database_closed
        "The database cannot be opened. Try again."
        "데이터베이스를 열 수 없습니다. 다시 시도하세요."
        "Өгөгдлийн санг нээх боломжгүй. Дахин оролдоно уу.";
    too_many_waiting
        "Too many changes are waiting. Nothing was changed; try again."
        "대기 중인 변경이 너무 많습니다. 변경된 것은 없습니다. 다시 시도하세요."
        "Хэт олон өөрчлөлт хүлээгдэж байна. Юу ч өөрчлөгдөөгүй; дахин оролдоно уу.";
    stopping
        "The service is stopping. Nothing was changed."
        "서비스가 종료되는 중입니다. 변경된 것은 없습니다."
        "Үйлчилгээ зогсож байна. Юу ч өөрчлөгдөөгүй.";
    not_committed
        "The change could not be committed. Nothing was changed; try again."
        "변경을 저장하지 못했습니다. 변경된 것은 없습니다. 다시 시도하세요."
        "Өөрчлөлтийг хадгалж чадсангүй. Юу ч өөрчлөгдөөгүй; дахин оролдоно уу.";
    newer_took_over
        "A newer instance of the service has taken over; this one only reads. Nothing was changed."
        "더 새로운 서비스 인스턴스가 넘겨받았으며 이 인스턴스는 읽기만 합니다. 변경된 것은 없습니다."
        "Үйлчилгээний шинэ хувилбар ажлыг хүлээж авсан; энэ нь зөвхөн уншина. Юу ч өөрчлөгдөөгүй.";
    audit_log_closed
        "The audit log cannot be written at present. Nothing was changed or shown; try again."
        "지금은 감사 로그를 쓸 수 없습니다. 변경되거나 표시된 것은 없습니다. 다시 시도하세요."
        "Одоогоор аудитын бүртгэлд бичих боломжгүй. Юу ч өөрчлөгдөж, харагдаагүй; дахин оролдоно уу.";
    indexes_being_updated
        "The registry was upgraded and is bringing its indexes up to date. Single records can be read and written; try this again in a moment."
        "등록부가 업그레이드되어 색인을 갱신하고 있습니다. 개별 레코드는 읽고 쓸 수 있습니다. 잠시 후 다시 시도하세요."
        "Бүртгэл шинэчлэгдсэн бөгөөд индексээ шинэчилж байна. Тусдаа бичлэгийг уншиж, бичиж болно; түр хүлээгээд дахин оролдоно уу.";
    newer_program_works
        "A newer program works on this database; it makes the rows again itself."
        "더 새로운 프로그램이 이 데이터베이스에서 작업하고 있으며 행을 스스로 다시 만듭니다."
        "Энэ өгөгдлийн сан дээр шинэ програм ажиллаж байгаа бөгөөд мөрүүдийг өөрөө дахин үүсгэнэ.";
}
