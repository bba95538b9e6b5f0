//! Places: countries, provinces, cities, venues.

use crate::texts;
use crate::values::FindingCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Finding, LangMap, OfficeId, geo};

/// A place, as far as it is stated. A city or province with which an office has ties is a place too,
/// as long as no office there is named.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// What people call it (a venue, a district, a region without a code).
    #[serde(default)]
    pub label: LangMap,
    /// ISO 3166-1 alpha-2 code of the country.
    #[schema(format = "country", example = "KR")]
    pub country: Option<String>,
    /// ISO 3166-2 code of the province, state or city-province; it begins with the country's code.
    #[schema(format = "subdivision", example = "KR-47")]
    pub subdivision: Option<String>,
    /// Name of the city, as commonly written.
    #[schema(min_length = 1, max_length = 200, example = "Pohang")]
    pub city: Option<String>,
    /// The office that is there, where the place is one.
    pub office_id: Option<OfficeId>,
}

impl Place {
    /// What is wrong between its members.
    pub fn check(&self) -> Vec<Finding> {
        check_subdivision(self.country.as_deref(), self.subdivision.as_deref())
            .into_iter()
            .collect()
    }
}

/// The rule between `country` and `subdivision` of one object: the subdivision (ISO 3166-2) begins with the
/// country, which must be stated too, because filters and statistics go by country. The pointer is relative to the object.
pub fn check_subdivision(country: Option<&str>, subdivision: Option<&str>) -> Option<Finding> {
    let subdivision = subdivision?;
    let prefix = subdivision.split('-').next().unwrap_or_default();
    match country {
        None => Some(
            Finding::at(
                "/country",
                FindingCode::CountryMissing,
                texts::values::subdivision_needs_country(subdivision),
            )
            .with_allowed([prefix], prefix),
        ),
        Some(country) if geo::is_subdivision(subdivision, country) => None,
        Some(country) => Some(
            Finding::at(
                "/subdivision",
                FindingCode::SubdivisionOfOtherCountry,
                texts::values::subdivision_of_other_country(subdivision, country),
            )
            .with_param("country", country)
            .with_param("subdivision", subdivision),
        ),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "test")]

    use super::*;

    #[test]
    fn a_subdivision_lies_in_its_country() {
        assert!(Place::default().check().is_empty());
        assert_eq!(check_subdivision(Some("CA"), Some("CA-BC")), None);
        assert_eq!(check_subdivision(Some("CA"), None), None);
        let other = check_subdivision(Some("MN"), Some("KR-11")).unwrap();
        assert_eq!(other.code, "subdivision-of-other-country");
        let missing = check_subdivision(None, Some("KR-11")).unwrap();
        assert_eq!(missing.code, "country-missing");
        assert_eq!(missing.allowed, ["KR"]);
    }
}
