//! The coding of contents (gzip): coded content is other bytes, so it has a strong tag of its own (RFC 9110 §8.8.3.3).

use crate::http::tag::gzip_tag;
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
    if headers.contains_key(CONTENT_ENCODING)
        && let Some(tag) = headers.get(ETAG).and_then(|tag| tag.to_str().ok())
        && let Ok(tag) = HeaderValue::from_str(&gzip_tag(tag))
    {
        headers.insert(ETAG, tag);
    }
    Ok(response)
}

/// Would the content of an answer to this request be coded?
pub fn takes_gzip(request: &HttpRequest) -> bool {
    let [gzip, identity] = [Encoding::gzip(), Encoding::identity()];
    AcceptEncoding::parse(request)
        .ok()
        .and_then(|accepted| accepted.negotiate([&identity, &gzip].into_iter()))
        .is_some_and(|chosen| chosen == gzip)
}
