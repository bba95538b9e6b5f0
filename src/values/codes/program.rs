//! Lists of the program document.

use super::list::code_list;

code_list! {
    /// What sort of doing a program is.
    ProgramKind = "program_kind" {
        Training = "training", "연수", "Сургалт", "Training";
        Exchange = "exchange", "교류", "Солилцоо", "Exchange of people";
        Visit = "visit", "방문·시찰", "Айлчлал", "Visit";
        Project = "project", "프로젝트", "Төсөл", "Project";
        Workshop = "workshop", "워크숍", "Семинар", "Workshop";
        Meeting = "meeting", "회의", "Уулзалт", "Meeting";
        Conference = "conference", "학술대회·포럼", "Хурал, форум", "Conference or forum";
        Expo = "expo", "박람회", "Үзэсгэлэн", "Expo";
        Research = "research", "연구", "Судалгаа", "Research";
        Class = "class", "수업·강좌", "Хичээл, анги", "Class or course";
        SchoolProgram = "school_program", "학교 운영 프로그램", "Сургуулийн хөтөлбөр", "Program run as a school of its own";
        CareSupport = "care_support", "상담·치료 지원", "Зөвлөгөө, эмчилгээний дэмжлэг", "Counselling or therapy";
        Campaign = "campaign", "캠페인·홍보", "Аян, сурталчилгаа", "Campaign";
        Other = "other", "기타", "Бусад", "Other";
    }
}

code_list! {
    /// What people have decided about a program.
    ProgramStage = "program_stage", default Idea {
        Idea = "idea", "구상", "Санаа", "Idea";
        Planned = "planned", "계획", "Төлөвлөсөн", "Planned";
        Active = "active", "진행 중", "Хэрэгжиж буй", "Active";
        Paused = "paused", "일시 중단", "Түр зогссон", "Paused";
        Completed = "completed", "완료", "Дууссан", "Completed";
        Cancelled = "cancelled", "취소", "Цуцалсан", "Cancelled";
    }
}

code_list! {
    /// What an office does in a program.
    ProgramOfficeRole = "program_office_role" {
        Lead = "lead", "주관", "Тэргүүлэгч", "Leads it";
        Host = "host", "개최", "Эзэн тал", "Hosts it";
        CoHost = "co_host", "공동 개최", "Хамтарсан эзэн тал", "Hosts it with others";
        Organizer = "organizer", "주최", "Зохион байгуулагч", "Organises it";
        Supporter = "supporter", "후원", "Дэмжигч", "Supports it";
        Sender = "sender", "파견", "Илгээгч", "Sends people";
        Receiver = "receiver", "초청·접수", "Хүлээн авагч", "Receives people";
        Funder = "funder", "재정 지원", "Санхүүжүүлэгч", "Pays for it";
        Implementer = "implementer", "시행", "Хэрэгжүүлэгч", "Implements it";
        Operator = "operator", "운영", "Эрхлэн явуулагч", "Runs it day by day";
        Provider = "provider", "제공", "Үйлчилгээ үзүүлэгч", "Provides the teaching or service";
        Partner = "partner", "협력", "Хамтрагч", "Works with it";
        Participant = "participant", "참가", "Оролцогч", "Takes part";
    }
}

code_list! {
    /// How often a program takes place.
    Recurrence = "recurrence" {
        Once = "once", "1회", "Нэг удаа", "Once";
        Weekly = "weekly", "매주", "Долоо хоног бүр", "Every week";
        Monthly = "monthly", "매월", "Сар бүр", "Every month";
        Quarterly = "quarterly", "분기별", "Улирал тутам", "Every quarter";
        HalfYearly = "half_yearly", "반기별", "Хагас жил тутам", "Every half-year";
        Yearly = "yearly", "매년", "Жил бүр", "Every year";
        Biennial = "biennial", "격년", "Хоёр жил тутам", "Every two years";
        Irregular = "irregular", "부정기", "Тогтмол бус", "Again and again, at no fixed time";
    }
}

code_list! {
    /// Where the people of a session meet.
    SessionMode = "session_mode" {
        Onsite = "onsite", "대면", "Танхим", "On site";
        Online = "online", "비대면", "Цахим", "Online";
        Hybrid = "hybrid", "혼합", "Хосолсон", "Both";
    }
}

code_list! {
    /// What became of a session.
    SessionState = "session_state", default Planned {
        Planned = "planned", "예정", "Төлөвлөсөн", "Planned";
        Held = "held", "개최", "Болсон", "Held";
        Postponed = "postponed", "연기", "Хойшилсон", "Postponed";
        Cancelled = "cancelled", "취소", "Цуцалсан", "Cancelled";
    }
}

code_list! {
    /// What is counted where somebody took part. Different units are never added up.
    ParticipationUnit = "participation_unit" {
        Person = "person", "명", "Хүн", "People";
        School = "school", "교", "Сургууль", "Schools";
        Class = "class", "학급", "Анги", "Classes";
    }
}

code_list! {
    /// What a program is recognised as.
    RecognitionKind = "recognition_kind" {
        Class = "class", "수업", "Хичээл", "As a class";
        Credit = "credit", "학점", "Кредит", "With credits";
        Experience = "experience", "체험", "Туршлага", "As experience";
    }
}

code_list! {
    /// How far the recognition of a program has come.
    RecognitionState = "recognition_state", default Proposed {
        Proposed = "proposed", "신청", "Санал болгосон", "Proposed";
        UnderReview = "under_review", "심사 중", "Хянаж буй", "Under review";
        Approved = "approved", "승인", "Зөвшөөрсөн", "Approved";
        Refused = "refused", "불승인", "Татгалзсан", "Refused";
        Suspended = "suspended", "정지", "Түдгэлзүүлсэн", "Suspended";
        Revoked = "revoked", "취소", "Хүчингүй болгосон", "Revoked";
    }
}
