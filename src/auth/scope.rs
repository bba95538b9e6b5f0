//! What a token may do: a closed list of scopes, one zero-sized type for each so that a handler names its scope in its
//! own signature.

use crate::schema::component::described_words;
use std::fmt;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// A type that stands for what a caller must be allowed.
pub trait ScopeMarker: Send + Sync + 'static {
    /// The scope that a caller must hold; none where several will do, or any valid token.
    const SCOPE: Option<Scope>;

    /// The scopes of which a caller must hold one; empty where any valid token will do.
    fn any_of() -> ScopeSet {
        Self::SCOPE.into_iter().collect()
    }
}

/// Any valid token will do.
#[derive(Debug, Clone, Copy)]
pub struct AnyToken;

impl ScopeMarker for AnyToken {
    const SCOPE: Option<Scope> = None;
}

/// Some kind of record may be read; which one is asked when it is known.
#[derive(Debug, Clone, Copy)]
pub struct AnyRead;

impl ScopeMarker for AnyRead {
    const SCOPE: Option<Scope> = None;

    fn any_of() -> ScopeSet {
        [
            Scope::OfficesRead,
            Scope::PoliciesRead,
            Scope::MousRead,
            Scope::ProgramsRead,
        ]
        .into_iter()
        .collect()
    }
}

/// Some kind of record may be written; which one is asked when it is known.
#[derive(Debug, Clone, Copy)]
pub struct AnyWrite;

impl ScopeMarker for AnyWrite {
    const SCOPE: Option<Scope> = None;

    fn any_of() -> ScopeSet {
        [
            Scope::OfficesWrite,
            Scope::PoliciesWrite,
            Scope::MousWrite,
            Scope::ProgramsWrite,
        ]
        .into_iter()
        .collect()
    }
}

macro_rules! scopes {
    ($($variant:ident $text:literal $meaning:literal;)+) => {
        /// One right.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Scope {
            $(#[doc = $meaning] $variant,)+
        }

        impl Scope {
            /// All scopes.
            pub const ALL: &'static [Scope] = &[$(Scope::$variant,)+];

            /// As tokens and the API document write it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Scope::$variant => $text,)+ }
            }

            /// What it allows.
            pub const fn meaning(self) -> &'static str {
                match self { $(Scope::$variant => $meaning,)+ }
            }

            /// The scope with this text.
            pub fn from_text(text: &str) -> Option<Self> {
                match text { $($text => Some(Scope::$variant),)+ _ => None }
            }
        }

        $(
            #[doc = $meaning]
            #[derive(Debug, Clone, Copy)]
            pub struct $variant;

            impl ScopeMarker for $variant {
                const SCOPE: Option<Scope> = Some(Scope::$variant);
            }
        )+
    };
}

scopes! {
    OfficesRead "offices:read" "Read offices.";
    OfficesWrite "offices:write" "Create, change and delete offices.";
    PoliciesRead "policies:read" "Read policies.";
    PoliciesWrite "policies:write" "Create, change and delete policies.";
    MousRead "mous:read" "Read MOUs.";
    MousWrite "mous:write" "Create, change and delete MOUs.";
    MousEndorse "mous:endorse" "Take positions on the terms of an MOU.";
    MousSign "mous:sign" "Record signatures of an MOU.";
    ProgramsRead "programs:read" "Read programs.";
    ProgramsWrite "programs:write" "Create, change and delete programs.";
    ChangesRead "changes:read" "Follow the change feed.";
    Import "import" "Import records in bulk.";
    Export "export" "Export records in bulk.";
    Webhooks "webhooks" "Manage webhooks.";
    TokensOffice "tokens:office" "Manage the clients and tokens of one's own office.";
    AuditRead "audit:read" "Read the audit log.";
    Admin "admin" "Administer the registry.";
}

/// A named bundle of scopes, each holding those of the one before. Only a name at creation: what a client holds, and
/// what is checked, are scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Reads everything that its office may see, and follows what changes.
    Viewer,
    /// Also takes part in MOUs and programs: its own part, positions, signatures.
    Partner,
    /// Also writes whole records of its office, in bulk too.
    Editor,
    /// Also manages the clients of its office, its webhooks, and reads its audit log.
    OfficeAdmin,
    /// Everything. Without an office: an administrator of the registry.
    Admin,
}

impl Role {
    /// All roles, from the weakest to the strongest.
    pub const ALL: &'static [Role] = &[
        Role::Viewer,
        Role::Partner,
        Role::Editor,
        Role::OfficeAdmin,
        Role::Admin,
    ];

    /// As requests name it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Partner => "partner",
            Self::Editor => "editor",
            Self::OfficeAdmin => "office_admin",
            Self::Admin => "admin",
        }
    }

    /// Who should hold it.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Viewer => "Reads everything that its office may see, and follows the feed: a front-end, a report.",
            Self::Partner => "Also its own part of MOUs and programs, positions and signatures: a partner's system.",
            Self::Editor => "Also whole records of its office, in bulk too: the office's own system.",
            Self::OfficeAdmin => "Also the clients, tokens and webhooks of its office, and its audit log.",
            Self::Admin => "Every scope. Without an office: an administrator of the registry.",
        }
    }

    /// The role with this name.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.as_str() == text)
    }

    /// What it stands for.
    pub fn scopes(self) -> ScopeSet {
        let added: &[Scope] = match self {
            Self::Viewer => &[
                Scope::OfficesRead,
                Scope::PoliciesRead,
                Scope::MousRead,
                Scope::ProgramsRead,
                Scope::ChangesRead,
            ],
            Self::Partner => &[
                Scope::MousWrite,
                Scope::MousEndorse,
                Scope::MousSign,
                Scope::ProgramsWrite,
            ],
            Self::Editor => &[Scope::OfficesWrite, Scope::PoliciesWrite, Scope::Import, Scope::Export],
            Self::OfficeAdmin => &[Scope::Webhooks, Scope::TokensOffice, Scope::AuditRead],
            Self::Admin => Scope::ALL,
        };
        let below = match self {
            Self::Viewer => None,
            Self::Partner => Some(Self::Viewer),
            Self::Editor => Some(Self::Partner),
            Self::OfficeAdmin => Some(Self::Editor),
            Self::Admin => Some(Self::OfficeAdmin),
        };
        let inherited = below.map(Self::scopes).unwrap_or_default();
        ScopeSet(inherited.0 | added.iter().copied().collect::<ScopeSet>().0)
    }

    /// The role that stands for exactly these scopes.
    pub fn of(scopes: ScopeSet) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.scopes() == scopes)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A set of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScopeSet(u32);

impl ScopeSet {
    /// Every scope.
    pub fn all() -> Self {
        Scope::ALL.iter().copied().collect()
    }

    /// Does the set hold this scope?
    pub fn contains(self, scope: Scope) -> bool {
        self.0 & bit(scope) != 0
    }

    /// Does it hold none?
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Do the two have a scope in common?
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The scopes in order.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.iter().copied().filter(move |scope| self.contains(*scope))
    }

    /// Space-separated, as RFC 6749 §3.3 writes scopes.
    pub fn to_text(self) -> String {
        self.iter().map(Scope::as_str).collect::<Vec<_>>().join(" ")
    }

    /// Reads what [`Self::to_text`] wrote, or a comma-separated list. The error is the first unknown scope.
    pub fn parse(text: &str) -> Result<Self, String> {
        text.split([' ', ','])
            .filter(|part| !part.is_empty())
            .map(|part| Scope::from_text(part).ok_or_else(|| part.to_owned()))
            .collect()
    }
}

impl ScopeSet {
    /// The scopes of this set that the other does not hold, in order.
    pub fn missing_from(self, other: Self) -> Vec<&'static str> {
        self.iter()
            .filter(|scope| !other.contains(*scope))
            .map(Scope::as_str)
            .collect()
    }

    /// Each scope as text.
    pub fn to_list(self) -> Vec<&'static str> {
        self.iter().map(Scope::as_str).collect()
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | bit(scope)))
    }
}

fn bit(scope: Scope) -> u32 {
    1 << Scope::ALL.iter().take_while(|other| **other != scope).count()
}

impl PartialSchema for Scope {
    fn schema() -> RefOr<Schema> {
        described_words(
            "One right; `GET /api/v1/rights` tells its meaning.",
            Self::ALL.iter().map(|scope| scope.as_str()),
        )
    }
}

impl ToSchema for Scope {}

impl PartialSchema for Role {
    fn schema() -> RefOr<Schema> {
        described_words(
            "A name for scopes; `GET /api/v1/rights` tells which.",
            Self::ALL.iter().map(|role| role.as_str()),
        )
    }
}

impl ToSchema for Role {}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn each_role_holds_the_one_before() {
        for pair in Role::ALL.windows(2) {
            let [weaker, stronger] = pair else { continue };
            assert_eq!(weaker.scopes().missing_from(stronger.scopes()), Vec::<&str>::new());
            assert_ne!(weaker.scopes(), stronger.scopes());
        }
        for role in Role::ALL {
            assert_eq!(Role::from_text(role.as_str()), Some(*role));
            assert_eq!(Role::of(role.scopes()), Some(*role));
        }
        assert_eq!(Role::Admin.scopes(), ScopeSet::all());
        assert!(!Role::Editor.scopes().contains(Scope::TokensOffice));
    }

    #[test]
    fn sets_survive_their_text() {
        let set: ScopeSet = [Scope::OfficesRead, Scope::Admin].into_iter().collect();
        assert_eq!(set.to_text(), "offices:read admin");
        assert_eq!(ScopeSet::parse("offices:read,admin").unwrap(), set);
        assert_eq!(ScopeSet::parse(&ScopeSet::all().to_text()).unwrap(), ScopeSet::all());
        assert_eq!(ScopeSet::parse("offices:fly").unwrap_err(), "offices:fly");
        assert!(!set.contains(Scope::OfficesWrite));
    }
}
