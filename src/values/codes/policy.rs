//! Lists of the policy document.

use super::list::code_list;

code_list! {
    /// What sort of policy document it is.
    PolicyKind = "policy_kind" {
        LongTermPlan = "long_term_plan", "장기 계획", "Урт хугацааны төлөвлөгөө", "Long-term plan";
        MediumTermPlan = "medium_term_plan", "중기 계획", "Дунд хугацааны төлөвлөгөө", "Medium-term plan";
        AnnualPlan = "annual_plan", "연간 계획", "Жилийн төлөвлөгөө", "Annual plan";
        ActionPlan = "action_plan", "실행 계획", "Үйл ажиллагааны төлөвлөгөө", "Action plan, also of election pledges";
        KeyTasks = "key_tasks", "주요 업무 계획", "Тэргүүлэх зорилтууд", "Key tasks";
        Strategy = "strategy", "전략", "Стратеги", "Strategy";
        Vision = "vision", "비전·교육 기조", "Алсын хараа, үндсэн чиглэл", "Vision or overall direction";
        Scheme = "scheme", "제도", "Журам, тогтолцоо", "Scheme";
        RecognitionScheme = "recognition_scheme" in "scheme", "수업·학점 인정제", "Хүлээн зөвшөөрөх журам", "Scheme that recognises classes and credits";
        Initiative = "initiative", "시책 사업", "Санаачилга", "Initiative";
        Guideline = "guideline", "지침", "Удирдамж", "Guideline";
        Report = "report", "보고서", "Тайлан", "Report";
        Other = "other", "기타", "Бусад", "Other";
    }
}

code_list! {
    /// What people have decided about a policy.
    PolicyStage = "policy_stage", default Draft {
        Draft = "draft", "초안", "Төсөл", "Draft, seen by its owner only";
        Consultation = "consultation", "의견 수렴", "Хэлэлцүүлэг", "Consultation";
        Published = "published", "발표", "Нийтэлсэн", "Published";
        Withdrawn = "withdrawn", "철회", "Эргүүлэн татсан", "Withdrawn";
    }
}

code_list! {
    /// What an office does for a policy or one of its nodes.
    ResponsibilityRole = "responsibility_role" {
        Lead = "lead", "주관", "Хариуцан гүйцэтгэгч", "Leads it";
        Support = "support", "협조", "Дэмжигч", "Supports it";
        SelectedBy = "selected_by", "선정", "Сонгосон", "Selected it";
    }
}

code_list! {
    /// How a policy or node stands to another policy, node or recommendation.
    PolicyLinkKind = "policy_link_kind" {
        BasedOn = "based_on", "근거", "Үндэслэсэн", "Is based on";
        Implements = "implements", "이행", "Хэрэгжүүлдэг", "Implements";
        Supplements = "supplements", "보완", "Нөхдөг", "Supplements";
        RespondsTo = "responds_to", "대응", "Хариу арга хэмжээ", "Responds to";
        PartOf = "part_of", "일부", "Бүрэлдэхүүн хэсэг", "Is part of";
        Supersedes = "supersedes", "대체", "Орлосон", "Supersedes";
    }
}

code_list! {
    /// How far a node of a policy has come.
    NodeProgressState = "node_progress_state", default NotStarted {
        NotStarted = "not_started", "미착수", "Эхлээгүй", "Not started";
        OnTrack = "on_track", "정상 추진", "Төлөвлөгөөний дагуу", "On track";
        Partial = "partial", "일부 추진", "Хэсэгчлэн", "Partly done";
        OnHold = "on_hold", "보류", "Түр зогссон", "On hold";
        Completed = "completed", "완료", "Дууссан", "Completed";
        Dropped = "dropped", "폐기", "Цуцалсан", "Dropped";
    }
}
