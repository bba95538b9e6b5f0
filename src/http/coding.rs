//! The coding of contents (gzip, deflate): coded content is other bytes, so it has a strong tag of its own (RFC 9110 §8.8.3.3).

use crate::http::tag::coded_tag;
use actix_web::HttpRequest;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AcceptEncoding, CONTENT_ENCODING, ETAG, Encoding, Header, HeaderValue};
use actix_web::middleware::Next;

/// Outside of the layer that codes content: coded content has a strong tag of its own.
pub async fn name_coding(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    if let Some(coding) = headers.get(CONTENT_ENCODING).and_then(|coding| coding.to_str().ok())
        && let Some(tag) = headers.get(ETAG).and_then(|tag| tag.to_str().ok())
        && let Ok(tag) = HeaderValue::from_str(&coded_tag(tag, coding))
    {
        headers.insert(ETAG, tag);
    }
    Ok(response)
}

/// How the content of an answer to this request is coded; none where it goes out as it is. The codings are those that the
/// layer offers, in its order.
pub fn negotiate_coding(request: &HttpRequest) -> Option<&'static str> {
    let offered = [Encoding::identity(), Encoding::gzip(), Encoding::deflate()];
    let chosen = AcceptEncoding::parse(request).ok()?.negotiate(offered.iter())?;
    [(Encoding::gzip(), "gzip"), (Encoding::deflate(), "deflate")]
        .into_iter()
        .find_map(|(coding, name)| (coding == chosen).then_some(name))
}
