//! The words and places that generated records are made of, in Korean, Mongolian and English.

use serde_json::{Map, Value};

/// A language that records are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// Korean.
    Korean,
    /// Mongolian.
    Mongolian,
    /// English.
    English,
}

impl Language {
    /// BCP 47.
    pub(super) const fn tag(self) -> &'static str {
        match self {
            Self::Korean => "ko",
            Self::Mongolian => "mn",
            Self::English => "en",
        }
    }
}

/// Something in three languages: Korean, Mongolian, English.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Words(
    pub(super) &'static str,
    pub(super) &'static str,
    pub(super) &'static str,
);

impl Words {
    /// In one language.
    pub(super) const fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Korean => self.0,
            Language::Mongolian => self.1,
            Language::English => self.2,
        }
    }
}

/// A set of languages: what `say` says in each of these.
pub(super) fn texts(languages: &[Language], say: impl Fn(Language) -> String) -> Value {
    let texts: Map<String, Value> = languages
        .iter()
        .map(|language| (language.tag().to_owned(), Value::from(say(*language))))
        .collect();
    Value::Object(texts)
}

/// [`texts`] of words as they are.
pub(super) fn plain(languages: &[Language], words: Words) -> Value {
    texts(languages, |language| words.in_language(language).to_owned())
}

/// A province, city or state.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Region {
    /// ISO 3166-2.
    pub(super) code: &'static str,
    /// IANA.
    pub(super) zone: &'static str,
    /// What it is called.
    pub(super) names: Words,
}

impl Region {
    /// ISO 3166-1 alpha-2.
    pub(super) fn country(&self) -> &'static str {
        self.code.get(..2).unwrap_or_default()
    }

    /// The language in which its offices write.
    pub(super) fn language(&self) -> Language {
        match self.country() {
            "KR" => Language::Korean,
            "MN" => Language::Mongolian,
            _ => Language::English,
        }
    }
}

const fn region(
    code: &'static str,
    zone: &'static str,
    ko: &'static str,
    mn: &'static str,
    en: &'static str,
) -> Region {
    Region {
        code,
        zone,
        names: Words(ko, mn, en),
    }
}

const SEOUL: &str = "Asia/Seoul";
const ULAANBAATAR: &str = "Asia/Ulaanbaatar";

/// Regions, mixed so that few offices already lie in several countries.
pub(super) const REGIONS: &[Region] = &[
    region("KR-11", SEOUL, "서울특별시", "Сөүл", "Seoul"),
    region("MN-1", ULAANBAATAR, "울란바토르", "Улаанбаатар", "Ulaanbaatar"),
    region("KR-41", SEOUL, "경기도", "Кёнги", "Gyeonggi"),
    region(
        "CA-BC",
        "America/Vancouver",
        "브리티시컬럼비아",
        "Британийн Колумби",
        "British Columbia",
    ),
    region("KR-46", SEOUL, "전라남도", "Чолла-Намдо", "Jeonnam"),
    region("MN-061", ULAANBAATAR, "도르노드", "Дорнод", "Dornod"),
    region("KR-47", SEOUL, "경상북도", "Кёнсан-Пукто", "Gyeongbuk"),
    region("JP-13", "Asia/Tokyo", "도쿄", "Токио", "Tokyo"),
    region("KR-26", SEOUL, "부산광역시", "Пусан", "Busan"),
    region("MN-035", ULAANBAATAR, "오르홍", "Орхон", "Orkhon"),
    region("KR-27", SEOUL, "대구광역시", "Тэгү", "Daegu"),
    region("RU-MOW", "Europe/Moscow", "모스크바", "Москва", "Moscow"),
    region("KR-28", SEOUL, "인천광역시", "Инчон", "Incheon"),
    region("MN-037", ULAANBAATAR, "다르항올", "Дархан-Уул", "Darkhan-Uul"),
    region("KR-29", SEOUL, "광주광역시", "Кванжү", "Gwangju"),
    region("CN-BJ", "Asia/Shanghai", "베이징", "Бээжин", "Beijing"),
    region("KR-30", SEOUL, "대전광역시", "Тэжон", "Daejeon"),
    region("MN-041", ULAANBAATAR, "훕스굴", "Хөвсгөл", "Khövsgöl"),
    region("KR-31", SEOUL, "울산광역시", "Ульсан", "Ulsan"),
    region("RU-IRK", "Asia/Irkutsk", "이르쿠츠크", "Эрхүү", "Irkutsk"),
    region("KR-50", SEOUL, "세종특별자치시", "Сэжун", "Sejong"),
    region("MN-043", ULAANBAATAR, "호브드", "Ховд", "Khovd"),
    region("KR-42", SEOUL, "강원특별자치도", "Канвон", "Gangwon"),
    region("SE-AB", "Europe/Stockholm", "스톡홀름", "Стокгольм", "Stockholm"),
    region("KR-43", SEOUL, "충청북도", "Чүнчон-Пукто", "Chungbuk"),
    region("MN-053", ULAANBAATAR, "우문고비", "Өмнөговь", "Ömnögovi"),
    region("KR-44", SEOUL, "충청남도", "Чүнчон-Намдо", "Chungnam"),
    region("CN-NM", "Asia/Shanghai", "내몽골", "Өвөр Монгол", "Inner Mongolia"),
    region("KR-45", SEOUL, "전북특별자치도", "Чолла-Пукто", "Jeonbuk"),
    region("MN-049", ULAANBAATAR, "셀렝게", "Сэлэнгэ", "Selenge"),
    region("KR-48", SEOUL, "경상남도", "Кёнсан-Намдо", "Gyeongnam"),
    region("US-CA", "America/Los_Angeles", "캘리포니아", "Калифорни", "California"),
    region("KR-49", SEOUL, "제주특별자치도", "Чежү", "Jeju"),
    region("MN-055", ULAANBAATAR, "우브르항가이", "Өвөрхангай", "Övörkhangai"),
    region("RU-BU", "Asia/Irkutsk", "부랴티야", "Буриад", "Buryatia"),
    region("DE-BE", "Europe/Berlin", "베를린", "Берлин", "Berlin"),
    region("MN-073", ULAANBAATAR, "아르항가이", "Архангай", "Arkhangai"),
    region("FI-18", "Europe/Helsinki", "우시마", "Уусимаа", "Uusimaa"),
    region("MN-071", ULAANBAATAR, "바양울기", "Баян-Өлгий", "Bayan-Ölgii"),
    region(
        "AU-NSW",
        "Australia/Sydney",
        "뉴사우스웨일스",
        "Шинэ Өмнөд Уэльс",
        "New South Wales",
    ),
];

/// What cooperation is about: the code of a purpose, and its words.
pub(super) const TOPICS: &[(&str, Words)] = &[
    (
        "teacher_exchange",
        Words("교원 교류", "багш солилцоо", "teacher exchange"),
    ),
    (
        "student_exchange",
        Words("학생 교류", "сурагч солилцоо", "student exchange"),
    ),
    (
        "joint_research",
        Words("공동 연구", "хамтарсан судалгаа", "joint research"),
    ),
    (
        "joint_training",
        Words("공동 연수", "хамтарсан сургалт", "joint training"),
    ),
    (
        "ict_training",
        Words("정보화 연수", "мэдээллийн технологийн сургалт", "IT training"),
    ),
    (
        "ict_infrastructure",
        Words(
            "정보화 기반 구축",
            "мэдээллийн технологийн дэд бүтэц",
            "IT infrastructure",
        ),
    ),
    (
        "ai_education",
        Words("인공지능 교육", "хиймэл оюуны боловсрол", "education in the age of AI"),
    ),
    (
        "language_education",
        Words("언어 교육", "хэлний боловсрол", "language education"),
    ),
    (
        "vocational_education",
        Words("직업 교육", "мэргэжлийн боловсрол", "vocational education"),
    ),
    (
        "career_guidance",
        Words("진로·진학 지원", "мэргэжил сонголт", "career guidance"),
    ),
    (
        "special_education",
        Words("특수 교육", "тусгай боловсрол", "special needs education"),
    ),
    (
        "multicultural_education",
        Words("다문화 교육", "олон соёлын боловсрол", "multicultural education"),
    ),
    (
        "rural_schools",
        Words("농산어촌 학교", "хөдөөгийн сургууль", "rural schools"),
    ),
    (
        "child_protection",
        Words("아동 보호", "хүүхэд хамгаалал", "protection of children"),
    ),
    (
        "policy_exchange",
        Words("정책 교류", "бодлогын туршлага солилцоо", "exchange on policy"),
    ),
    ("integrity", Words("청렴", "шударга байдал", "integrity")),
];

/// Family names and given names of people in posts. Any likeness is chance.
pub(super) const PEOPLE: &[Words] = &[
    Words("김민준", "Бат-Эрдэнэ", "Kim Minjun"),
    Words("이서연", "Сарангэрэл", "Lee Seoyeon"),
    Words("박지훈", "Ганболд", "Park Jihun"),
    Words("최유진", "Оюунчимэг", "Choi Yujin"),
    Words("정현우", "Төмөрбаатар", "Jeong Hyeonu"),
    Words("강수빈", "Нарантуяа", "Kang Subin"),
    Words("윤도현", "Энхжаргал", "Yun Dohyeon"),
    Words("한지민", "Мөнхцэцэг", "Han Jimin"),
];

/// Tags.
pub(super) const TAGS: &[&str] = &[
    "pilot",
    "digital",
    "rural",
    "teachers",
    "students",
    "한국어",
    "цахим",
    "2030",
    "language",
    "inclusion",
    "flagship",
];
