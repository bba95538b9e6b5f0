//! Lists of the office document.

use super::list::code_list;

code_list! {
    /// What sort of body an office is.
    OfficeKind = "office_kind" {
        EducationOffice = "education_office", "교육청", "Боловсролын газар", "Education office of a province or metropolitan city";
        EducationDepartment = "education_department", "지방정부 교육국", "Нийслэл, аймгийн боловсролын газар", "Education department of a city or province government";
        Ministry = "ministry", "중앙 부처", "Яам", "Ministry";
        Bureau = "bureau", "실·국", "Газар (дотоод нэгж)", "Bureau: a large unit of an office";
        Department = "department", "과·부서", "Хэлтэс", "Department: a unit of an office";
        SupportOffice = "support_office", "교육지원청", "Боловсролын дэмжлэгийн алба", "Education support office of a district";
        School = "school", "학교", "Сургууль", "School";
        SharedSchool = "shared_school" in "school", "공유학교", "Хамтын сургууль", "Shared school";
        OnlineSchool = "online_school" in "school", "온라인학교", "Цахим сургууль", "Online school";
        EntrustedInstitution = "entrusted_institution", "위탁교육기관", "Гэрээт сургалтын байгууллага", "Institution entrusted with education";
        Kindergarten = "kindergarten", "유치원", "Цэцэрлэг", "Kindergarten";
        University = "university", "대학", "Их, дээд сургууль", "University or college";
        TrainingInstitute = "training_institute", "연수원", "Сургалт, мэргэжил дээшлүүлэх төв", "Training institute";
        ResearchInstitute = "research_institute", "연구원", "Судалгааны хүрээлэн", "Research institute";
        Government = "government", "지방자치단체·정부 기관", "Төр, нутгийн захиргааны байгууллага", "Government body: city, province or state";
        Evaluator = "evaluator", "평가·감독 기관", "Үнэлгээ, хяналтын байгууллага", "Body that evaluates or oversees";
        Committee = "committee", "위원회", "Хороо", "Committee";
        Council = "council", "협의회", "Зөвлөл, холбоо", "Council or association of education bodies";
        Ngo = "ngo", "비정부기구", "Төрийн бус байгууллага", "Non-governmental organisation";
        CivicClub = "civic_club", "민간 봉사 단체", "Иргэний клуб", "Civic club";
        InternationalOrganisation = "international_organisation", "국제기구", "Олон улсын байгууллага", "International organisation";
        Company = "company", "기업", "Аж ахуйн нэгж", "Company";
        Provider = "provider", "교육 제공 기관", "Сургалт үзүүлэгч", "Provider of education outside schools";
        Other = "other", "기타", "Бусад", "Other";
    }
}

code_list! {
    /// Whether an office exists on a day; follows from its `valid` period.
    OfficeStatus = "office_status" {
        Planned = "planned", "설립 예정", "Төлөвлөсөн", "Planned";
        Active = "active", "운영 중", "Үйл ажиллагаа явуулж буй", "Active";
        Dissolved = "dissolved", "폐지", "Татан буугдсан", "Dissolved";
        Unknown = "unknown", "미상", "Тодорхойгүй", "Cannot be decided from what is stated";
    }
}

code_list! {
    /// What somebody is at an office.
    PostKind = "post_kind" {
        Superintendent = "superintendent", "교육감", "Боловсролын газрын дарга", "Superintendent of education";
        DeputySuperintendent = "deputy_superintendent", "부교육감", "Боловсролын газрын орлогч дарга", "Deputy superintendent";
        Minister = "minister", "장관", "Сайд", "Minister";
        Governor = "governor", "주지사·도지사", "Засаг дарга", "Governor";
        Mayor = "mayor", "시장", "Хотын дарга", "Mayor";
        Head = "head", "기관장", "Байгууллагын дарга", "Head of the body";
        DeputyHead = "deputy_head", "부기관장", "Орлогч дарга", "Deputy head";
        DirectorGeneral = "director_general", "국장", "Газрын дарга", "Director general of a bureau";
        Director = "director", "과장", "Хэлтсийн дарга", "Director";
        PolicyManager = "policy_manager", "정책 담당자", "Бодлого хариуцсан ажилтан", "Policy manager";
        Chair = "chair", "위원장·의장", "Дарга (хороо, зөвлөл)", "Chair";
        President = "president", "회장·총장", "Ерөнхийлөгч, тэргүүн", "President";
        SecretaryGeneral = "secretary_general", "사무총장", "Ерөнхий нарийн бичгийн дарга", "Secretary general";
        Representative = "representative", "대표", "Төлөөлөгч", "Representative";
        Principal = "principal", "교장·원장", "Захирал, эрхлэгч", "Principal";
        VicePrincipal = "vice_principal", "교감·원감", "Сургалтын менежер", "Vice principal";
        Other = "other", "기타", "Бусад", "Other";
    }
}

code_list! {
    /// What a contact of an office is for. Contacts are functions, not persons.
    ContactFunction = "contact_function" {
        General = "general", "대표", "Ерөнхий", "General";
        Cooperation = "cooperation", "교류·협력", "Гадаад харилцаа, хамтын ажиллагаа", "Foreign relations and cooperation";
        Policy = "policy", "정책", "Бодлого", "Policy";
        Training = "training", "연수", "Сургалт", "Training";
        Exchange = "exchange", "교사·학생 교류", "Багш, сурагч солилцоо", "Exchange of teachers and students";
        Legal = "legal", "법무", "Хууль, эрх зүй", "Legal";
        Finance = "finance", "재정", "Санхүү", "Finance";
        ChildProtection = "child_protection", "아동 보호", "Хүүхэд хамгаалал", "Protection of children";
        Press = "press", "홍보", "Хэвлэл мэдээлэл", "Press";
        Technical = "technical", "전산·데이터", "Мэдээллийн систем", "Systems and data";
        Other = "other", "기타", "Бусад", "Other";
    }
}

code_list! {
    /// What sort of other name an alias is.
    AliasKind = "alias_kind" {
        Short = "short", "약칭", "Товчилсон нэр", "Short name";
        Former = "former", "이전 명칭", "Хуучин нэр", "Former name";
        Alias = "alias", "별칭", "Өөр нэр", "Other name";
        Romanised = "romanised", "로마자 표기", "Латин үсгээр", "Name in Latin letters";
    }
}

code_list! {
    /// How far a recommendation to an office has come.
    RecommendationState = "recommendation_state", default Issued {
        Issued = "issued", "권고됨", "Гаргасан", "Issued";
        Accepted = "accepted", "수용", "Хүлээн авсан", "Accepted";
        InProgress = "in_progress", "이행 중", "Хэрэгжиж буй", "In progress";
        ReportedFulfilled = "reported_fulfilled", "이행 보고", "Биелсэн гэж мэдээлсэн", "Reported as fulfilled by the office itself";
        Fulfilled = "fulfilled", "이행 확인", "Биелсэн", "Fulfilled, as the issuer says";
        Rejected = "rejected", "불수용", "Татгалзсан", "Rejected";
    }
}
