//! Lists that several kinds of document use.

use super::list::code_list;

code_list! {
    /// Who may read a record, besides its owner.
    Visibility = "visibility", default Public {
        Public = "public", "공개", "Нээлттэй", "Public: every caller who is known to the registry";
        Partners = "partners", "협력 기관", "Хамтрагч байгууллагууд", "Partners: the offices named in the record and their units";
        Private = "private", "비공개", "Хаалттай", "Private: the owner and its units";
    }
}

code_list! {
    /// What a cooperation or a memorandum is for.
    Purpose = "purpose" {
        EducationCooperation = "education_cooperation", "교육 협력", "Боловсролын хамтын ажиллагаа", "Cooperation in education";
        KnowledgeExchange = "knowledge_exchange", "지식·경험 교류", "Мэдлэг, туршлага солилцоо", "Exchange of knowledge and experience";
        TeacherExchange = "teacher_exchange", "교원 교류", "Багш солилцоо", "Exchange of teachers";
        StudentExchange = "student_exchange", "학생 교류", "Сурагч, оюутан солилцоо", "Exchange of pupils and students";
        CultureExchange = "culture_exchange", "문화 교류", "Соёлын солилцоо", "Cultural exchange";
        PolicyExchange = "policy_exchange", "정책 교류", "Бодлогын туршлага солилцоо", "Exchange on policies";
        JointResearch = "joint_research", "공동 연구", "Хамтарсан судалгаа", "Joint research";
        JointTraining = "joint_training", "공동 연수", "Хамтарсан сургалт", "Joint training";
        EducationQuality = "education_quality", "교육의 질 향상", "Боловсролын чанар", "Quality of education";
        EducationAccess = "education_access", "교육 접근성", "Боловсролын хүртээмж", "Accessibility of education";
        TeacherCompetency = "teacher_competency", "교원 역량 강화", "Багшийн ур чадвар", "Competency of teachers";
        AdministratorCompetency = "administrator_competency", "학교 관리자 역량 강화", "Удирдах ажилтны ур чадвар", "Competency of administrators";
        LearningEnvironment = "learning_environment", "학습 환경 개선", "Сургалтын орчин", "Learning environment";
        IctTraining = "ict_training", "정보화 연수", "Мэдээллийн технологийн сургалт", "Training in information technology";
        IctInfrastructure = "ict_infrastructure", "정보화 기반 구축", "Мэдээллийн технологийн дэд бүтэц", "Infrastructure of information technology";
        AiEducation = "ai_education", "인공지능 교육", "Хиймэл оюуны боловсрол", "Education in and with artificial intelligence";
        LanguageEducation = "language_education", "언어 교육", "Хэлний боловсрол", "Language education";
        VocationalEducation = "vocational_education", "직업 교육", "Мэргэжлийн боловсрол", "Vocational education";
        CareerGuidance = "career_guidance", "진로·진학 지원", "Мэргэжил сонголт, элсэлтийн дэмжлэг", "Career and college entrance support";
        SpecialEducation = "special_education", "특수 교육", "Тусгай боловсрол", "Special needs education";
        MulticulturalEducation = "multicultural_education", "다문화 교육", "Олон соёлын боловсрол", "Multicultural education";
        RuralSchools = "rural_schools", "농산어촌 학교", "Хөдөө орон нутгийн сургууль", "Schools in rural, mountain and fishing villages";
        LifelongLearning = "lifelong_learning", "평생 학습", "Насан туршийн суралцахуй", "Lifelong learning";
        ChildProtection = "child_protection", "아동 보호", "Хүүхэд хамгаалал", "Protection of children";
        HealthSupport = "health_support", "건강·심리 지원", "Эрүүл мэнд, сэтгэл зүйн дэмжлэг", "Health and psychological support";
        CreditRecognition = "credit_recognition", "수업·학점 인정", "Хичээл, кредит хүлээн зөвшөөрөх", "Recognition of classes and credits";
        Integrity = "integrity", "청렴", "Шударга байдал", "Integrity and prevention of corruption";
        PublicRelations = "public_relations", "대외 홍보", "Олон нийттэй харилцах", "Public relations";
        Other = "other", "기타", "Бусад", "Other";
    }
}

code_list! {
    /// What a reported or declared figure counts.
    Measure = "measure" {
        Participants = "participants", "참가자", "Оролцогч", "People who took part";
        Schools = "schools", "학교", "Сургууль", "Schools";
        Classes = "classes", "학급·강좌", "Анги, хичээл", "Classes";
        Programs = "programs", "프로그램", "Хөтөлбөр", "Programs";
        Sessions = "sessions", "회차", "Удаа", "Sessions";
        Exchanges = "exchanges", "교류", "Солилцоо", "Exchanges and visits";
        Mous = "mous", "업무협약", "Санамж бичиг", "Memoranda";
        Partners = "partners", "협력 기관", "Хамтрагч байгууллага", "Partner offices";
        Countries = "countries", "국가", "Улс", "Countries";
        Units = "units", "부서·산하 기관", "Нэгж, харьяа байгууллага", "Units of an office";
        Departments = "departments" in "units", "본청 부서", "Хэлтэс, газар", "Departments of an office";
        SupportOffices = "support_offices" in "units", "교육지원청", "Дэмжлэгийн алба", "Education support offices";
        Recommendations = "recommendations", "권고 과제", "Зөвлөмж", "Recommendations";
        Tasks = "tasks", "과제", "Зорилт, ажил", "Tasks";
        Equipment = "equipment", "기자재", "Тоног төхөөрөмж", "Pieces of equipment";
        Hours = "hours", "시간", "Цаг", "Hours";
        Other = "other", "기타", "Бусад", "Other";
    }
}

code_list! {
    /// In what capacity people take part. Counts by a wider code include those that are part of it.
    ParticipationRole = "participation_role" {
        Teacher = "teacher", "교원", "Багш", "Teacher";
        ItTeacher = "it_teacher" in "teacher", "정보 교사", "Мэдээллийн технологийн багш", "Teacher of information technology";
        KindergartenTeacher = "kindergarten_teacher" in "teacher", "유치원 교사", "Цэцэрлэгийн багш", "Kindergarten teacher";
        Administrator = "administrator", "학교 관리자", "Удирдах ажилтан", "Administrator of a school or kindergarten";
        SchoolAdministrator = "school_administrator" in "administrator", "초·중등학교 관리자", "Сургуулийн удирдах ажилтан", "School administrator";
        KindergartenAdministrator = "kindergarten_administrator" in "administrator", "유치원 관리자", "Цэцэрлэгийн удирдах ажилтан", "Kindergarten administrator";
        Specialist = "specialist", "전문직원", "Мэргэжилтэн", "Specialist of an education office";
        Official = "official", "공무원", "Албан хаагч", "Official";
        Superintendent = "superintendent" in "official", "교육감", "Боловсролын газрын дарга", "Superintendent";
        SeniorOfficial = "senior_official" in "official", "고위 공직자", "Өндөр албан тушаалтан", "Senior official";
        Director = "director" in "official", "국·과장", "Газар, хэлтсийн дарга", "Director";
        PolicyManager = "policy_manager" in "official", "정책 담당자", "Бодлого хариуцсан ажилтан", "Policy manager";
        ComplaintOfficer = "complaint_officer" in "official", "민원 담당자", "Өргөдөл, гомдол хариуцсан ажилтан", "Civil complaint officer";
        Staff = "staff", "교직원", "Ажилтан", "Staff";
        Student = "student", "학생", "Суралцагч", "Student of any level";
        Pupil = "pupil" in "student", "초·중등 학생", "Сурагч", "School pupil";
        UniversityStudent = "university_student" in "student", "대학생", "Оюутан", "University student";
        Child = "child", "아동", "Хүүхэд", "Child";
        Parent = "parent", "학부모", "Эцэг эх, асран хамгаалагч", "Parent or guardian";
        Citizen = "citizen", "시민", "Иргэн", "Citizen";
        Trainer = "trainer", "강사", "Сургагч багш", "Trainer or speaker";
        Counsellor = "counsellor", "상담사", "Сэтгэл зүйч, зөвлөх", "Counsellor";
        Researcher = "researcher", "연구자", "Судлаач", "Researcher";
        Volunteer = "volunteer", "자원봉사자", "Сайн дурын ажилтан", "Volunteer";
        Other = "other", "기타", "Бусад", "Other";
    }
}

code_list! {
    /// How a number is to be read.
    CountQualifier = "count_qualifier" {
        Exact = "exact", "정확한 수", "Яг", "Exactly this many";
        MoreThan = "more_than", "초과", "Түүнээс олон", "More than this many";
        AtLeast = "at_least", "이상", "Хамгийн багадаа", "At least this many";
        AtMost = "at_most", "이하", "Хамгийн ихдээ", "At most this many";
        LessThan = "less_than", "미만", "Түүнээс цөөн", "Fewer than this many";
        Approx = "approx", "약", "Ойролцоогоор", "About this many";
        Unknown = "unknown", "미상", "Тодорхойгүй", "Not stated";
        Withheld = "withheld", "비공개", "Нууцалсан", "Known, but not shown to this reader";
    }
}

code_list! {
    /// Level of schooling. Counts by a wider code include those that are part of it.
    SchoolLevel = "school_level" {
        Kindergarten = "kindergarten", "유치원", "Цэцэрлэг", "Kindergarten";
        General = "general", "초·중등학교", "Ерөнхий боловсролын сургууль", "General education school (all grades)";
        Elementary = "elementary" in "general", "초등학교", "Бага боловсрол", "Elementary school";
        Secondary = "secondary" in "general", "중등학교", "Дунд боловсрол", "Secondary school";
        Middle = "middle" in "secondary", "중학교", "Суурь боловсрол", "Middle school";
        High = "high" in "secondary", "고등학교", "Бүрэн дунд боловсрол", "High school";
        Special = "special", "특수학교", "Тусгай сургууль", "Special school";
        Vocational = "vocational", "직업교육기관", "Мэргэжлийн сургалт", "Vocational education";
        Higher = "higher", "고등교육", "Дээд боловсрол", "Higher education";
        Adult = "adult", "성인·평생교육", "Насанд хүрэгчдийн боловсрол", "Adult and lifelong education";
    }
}

code_list! {
    /// Sex of the people that a target group names.
    Sex = "sex" {
        Female = "female", "여성", "Эмэгтэй", "Girls and women";
        Male = "male", "남성", "Эрэгтэй", "Boys and men";
        Any = "any", "무관", "Хамаарахгүй", "Expressly everyone";
    }
}

code_list! {
    /// How far a commitment has come.
    CommitmentState = "commitment_state", default Open {
        Open = "open", "미착수", "Нээлттэй", "Open";
        InProgress = "in_progress", "진행 중", "Хэрэгжиж буй", "In progress";
        Fulfilled = "fulfilled", "이행 완료", "Биелсэн", "Fulfilled";
        Dropped = "dropped", "중단", "Орхисон", "Dropped";
    }
}
