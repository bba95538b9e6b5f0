//! The codes of findings: every `errors[].code` that the service can give, with its meaning and what to do.

use serde::{Serialize, Serializer};
use std::fmt;

macro_rules! finding_codes {
    ($($variant:ident $code:literal $meaning:literal $fix:literal;)+) => {
        /// What is wrong with one place of a request. Codes never change once published; texts may.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum FindingCode {
            $(#[doc = $meaning] $variant,)+
        }

        impl FindingCode {
            /// All codes, in the order of the table.
            pub const ALL: &'static [FindingCode] = &[$(FindingCode::$variant,)+];

            /// The code as callers see it, in kebab-case.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(FindingCode::$variant => $code,)+
                }
            }

            /// Meaning and fix in English.
            pub const fn english(self) -> FindingTexts {
                match self {
                    $(FindingCode::$variant => FindingTexts { meaning: $meaning, fix: $fix },)+
                }
            }
        }
    };
}

finding_codes! {
    CannotBeRedacted "cannot-be-redacted"
        "The value cannot be replaced without breaking the document."
        "Redact the item that holds it, or change the document first.";
    CountNegative "count-negative"
        "A count is below zero."
        "Send zero or more.";
    CountValueMissing "count-value-missing"
        "A count has no value although its qualifier asks for one."
        "Send the value, or the qualifier `unknown`.";
    CountValueNotNull "count-value-not-null"
        "A count has a value although its qualifier excludes one."
        "Send null as the value, or another qualifier.";
    CountryMissing "country-missing"
        "A subdivision is given without its country."
        "Send `country`.";
    Cycle "cycle"
        "The reference would make a circle."
        "Refer to a record that is not above or below this one.";
    Duplicate "duplicate"
        "The same record is there twice."
        "Keep one of the two; otherwise the later one counts.";
    DuplicateItem "duplicate-item"
        "The list has the same item twice."
        "Send each item once.";
    DuplicateMember "duplicate-member"
        "The object has the same member twice."
        "Send each member once.";
    Empty "empty"
        "The value must not be empty."
        "Send a value, or leave the member out.";
    EvergreenWithEnd "evergreen-with-end"
        "A memorandum without end has an end."
        "Leave out the end, or choose another term type.";
    ExactlyOne "exactly-one"
        "Exactly one of several members must be given."
        "Send one of those that `detail` names.";
    FixedWithoutEnd "fixed-without-end"
        "A memorandum for a fixed term has no end."
        "Send the end of its term.";
    GivenTwice "given-twice"
        "Something is given twice that may be given once only."
        "Send it once.";
    InFuture "in-future"
        "A day lies in the future where it cannot."
        "Correct the day.";
    Invalid "invalid"
        "The value has none of the forms that are allowed here."
        "Look up the schema of this member at `/docs`.";
    InvalidAddress "invalid-address"
        "The text is not an IP address."
        "Write it as 192.0.2.1 or 2001:db8::1.";
    InvalidCountry "invalid-country"
        "The text is not a country code of ISO 3166-1."
        "Write two capitals, KR for instance.";
    InvalidCurrency "invalid-currency"
        "The text is not a currency code of ISO 4217."
        "Write it as KRW.";
    InvalidDate "invalid-date"
        "The text is not a day."
        "Write it as 2022-04-16.";
    InvalidDateTime "invalid-date-time"
        "The text is not an instant in UTC."
        "Write it as 2022-04-16T09:30:00Z.";
    InvalidDecimal "invalid-decimal"
        "The text is not a decimal number."
        "Write it as \"1200.00\", without sign or separators.";
    InvalidFormat "invalid-format"
        "The text does not have its format."
        "Write it as `detail` says.";
    InvalidId "invalid-id"
        "The text is not an id of the kind that is asked for."
        "Send an id of that kind, or `ext:{system}:{key}`.";
    InvalidInstant "invalid-instant"
        "The text is not an instant."
        "Write it as 2022-04-16T09:30:00Z.";
    InvalidLanguage "invalid-language"
        "The text is not a language tag (BCP 47)."
        "Write it as ko, mn, en or zh-Hant.";
    InvalidName "invalid-name"
        "The name does not have the form that is asked for."
        "Write it as `detail` says.";
    InvalidNetwork "invalid-network"
        "The text is not a network."
        "Write it as 10.0.0.0/8.";
    InvalidPartialDate "invalid-partial-date"
        "The text is not a year, month or day."
        "Write 2022, 2022-04 or 2022-04-16.";
    InvalidPosition "invalid-position"
        "The text is not a position of the feed."
        "Send `begin`, `now`, or the last `next`.";
    InvalidSha256 "invalid-sha256"
        "The text is not a SHA-256 digest."
        "Write 64 hexadecimal digits in lower case.";
    InvalidSubdivision "invalid-subdivision"
        "The text is not a subdivision code of ISO 3166-2."
        "Write it as KR-47.";
    InvalidText "invalid-text"
        "The text holds U+0000, a lone surrogate, or bytes that are not UTF-8."
        "Remove these characters.";
    InvalidTimeZone "invalid-time-zone"
        "The text is not a time zone of the IANA database."
        "Write it as Asia/Seoul.";
    InvalidUri "invalid-uri"
        "The text is not an absolute web address."
        "Begin it with https:// or http://.";
    Length "length"
        "The text does not have a length that is allowed."
        "Shorten or complete it.";
    LevelOrder "level-order"
        "A node stands at a level that does not fit the one above it."
        "Correct the level or the parent.";
    NeedsSource "needs-source"
        "The statement needs a source when its author does not make it."
        "Name a key of `sources` in `source`.";
    NotAllowed "not-allowed"
        "The member must not be given here."
        "Leave it out of the request.";
    NotApplicable "not-applicable"
        "The member has no meaning together with the others."
        "Leave it out, or correct the other one.";
    NotPositive "not-positive"
        "The number must be greater than zero."
        "Send a positive number.";
    NotUnique "not-unique"
        "Another living record has this value."
        "Correct the value, or use that record.";
    NotYourPart "not-your-part"
        "You may not change this member."
        "Leave it as it was; its owner may change it.";
    NothingGiven "nothing-given"
        "None of several members is given."
        "Send at least one of those that `detail` names.";
    Order "order"
        "Two numbers are in the wrong order."
        "Swap or correct them.";
    OutOfRange "out-of-range"
        "The number is outside of the range that is allowed."
        "Send a number within it.";
    OutsidePeriod "outside-period"
        "A day lies outside of the period that it belongs to."
        "Correct the day or the period.";
    OutsideScale "outside-scale"
        "A grade lies outside of its scale."
        "Correct the grade or the scale.";
    Pattern "pattern"
        "The text does not match the pattern of this member."
        "Write it as `detail` says.";
    PeriodOpenWithEnd "period-open-with-end"
        "A period is marked as open and has an end."
        "Leave out `to`, or set `open` to false.";
    PeriodReversed "period-reversed"
        "A period ends before it begins."
        "Swap or correct its days.";
    RangeOrder "range-order"
        "The lower end of a range is above the upper one."
        "Swap them.";
    ReadOnly "read-only"
        "A member is kept by the service."
        "Leave it out, or send it back as it was read.";
    Required "required"
        "A member or parameter is missing."
        "Send it as the API document describes it.";
    RequiredWith "required-with"
        "A member is missing that another one calls for."
        "Send both, or leave out the other.";
    SameHouse "same-house"
        "One of the two signatories is a unit of the other."
        "Name two distinct offices as signatories.";
    SameOffice "same-office"
        "Two members name the same office."
        "Name two different offices.";
    SelfReference "self-reference"
        "The record refers to itself."
        "Refer to another record.";
    StageByAction "stage-by-action"
        "The stage is not changed by writing the document."
        "Take one of `allowed`; later stages follow from actions.";
    StageTransition "stage-transition"
        "The stage cannot follow the one before."
        "Take one of the stages that `detail` names.";
    SubdivisionOfOtherCountry "subdivision-of-other-country"
        "The subdivision belongs to another country."
        "Correct one of them.";
    TooDeep "too-deep"
        "The value is nested too deeply."
        "Send documents as `/docs` describes them.";
    TooFew "too-few"
        "There are too few items."
        "Send at least as many as `params` says.";
    TooFewSignatories "too-few-signatories"
        "The memorandum has too few signatories."
        "Name at least two parties with the role `signatory`.";
    TooLong "too-long"
        "The text is too long."
        "Send at most as many characters as `params` says.";
    TooMany "too-many"
        "There are too many items."
        "Send at most as many as `params` says.";
    TooShort "too-short"
        "The text is too short."
        "Send at least as many characters as `params` says.";
    UnknownCode "unknown-code"
        "The value is not in the list of codes."
        "Take one of `allowed`, or look it up at `/api/v1/codes`.";
    UnknownKey "unknown-key"
        "There is no entry with this key."
        "Use the key of an entry that is there, or one of `allowed`.";
    UnknownMember "unknown-member"
        "There is no such member at this place."
        "Correct the name; `allowed` lists those that there are.";
    UnknownParameter "unknown-parameter"
        "The operation has no such parameter."
        "Correct the name; `allowed` lists those that there are.";
    UnknownPointer "unknown-pointer"
        "No version of the record has a value at this pointer."
        "Correct the pointer.";
    UnknownReference "unknown-reference"
        "There is no such record that you may refer to."
        "Correct the id, or create the record first.";
    UnknownSource "unknown-source"
        "The key names no entry of `sources`."
        "Add the source to `sources`, or correct the key.";
    WrongFormat "wrong-format"
        "The text does not have the form that is asked for."
        "Write it as `detail` says.";
    WrongType "wrong-type"
        "The value has another JSON type."
        "Send the type that `detail` names.";
}

impl FindingCode {
    /// The code with this text; none where there is no such code.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text)
    }
}

impl fmt::Display for FindingCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for FindingCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl PartialEq<&str> for FindingCode {
    fn eq(&self, text: &&str) -> bool {
        self.as_str() == *text
    }
}

/// What the code of a wrong place says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FindingTexts {
    /// What is wrong.
    pub meaning: &'static str,
    /// What to do.
    pub fix: &'static str,
}

/// The texts of codes of wrong places in one language: `Code "meaning" "fix";`.
macro_rules! finding_texts {
    ($($variant:ident $meaning:literal $fix:literal;)+) => {
        pub(super) const fn texts_of(code: $crate::texts::codes::FindingCode) -> $crate::texts::codes::FindingTexts {
            match code {
                $($crate::texts::codes::FindingCode::$variant => $crate::texts::codes::FindingTexts { meaning: $meaning, fix: $fix },)+
            }
        }
    };
}
pub(super) use finding_texts;
