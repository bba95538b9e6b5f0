//! A handler that panics is one failed request: the caller gets a problem, and the next request is served.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use super::edge::{PublicUrl, render, trace};
use super::endpoint::register;
use super::operation::Operations;
use super::{Answer, Endpoint, OpenCall};
use actix_web::body::to_bytes;
use actix_web::http::Method;
use actix_web::middleware::from_fn;
use actix_web::test::{TestRequest, call_service, init_service};
use actix_web::web::Data;
use actix_web::{App, HttpResponse, web};
use serde_json::{Value, json};

async fn good(_call: OpenCall) -> crate::error::Result<Answer> {
    Answer::of(&json!({"status": "ok"}))
}

async fn bad(_call: OpenCall) -> crate::error::Result<Answer> {
    panic!("a panic on purpose, with the word secret")
}

async fn bare() -> HttpResponse {
    panic!("a panic outside of any endpoint, with the word secret")
}

#[test]
fn a_panic_is_one_problem_and_the_service_lives_on() {
    let endpoints = vec![
        Endpoint::open(Method::GET, "/good", "getGood", good),
        Endpoint::open(Method::GET, "/bad", "getBad", bad),
    ];
    actix_web::rt::System::new().block_on(async move {
        let app = App::new()
            .app_data(Data::new(Operations::new(&endpoints)))
            .app_data(Data::new(PublicUrl("http://registry.example".to_owned())))
            .wrap(from_fn(render))
            .wrap(from_fn(trace))
            .configure(|config| register(config, &endpoints))
            .route("/bare", web::get().to(bare));
        let app = init_service(app).await;
        for path in ["/good", "/bad", "/good", "/bare", "/good"] {
            let request = TestRequest::get()
                .uri(path)
                .insert_header(("X-Request-Id", "panics"))
                .to_request();
            // What reaches the server as an error is turned into an answer by it in the same way.
            let response = match actix_web::dev::Service::call(&app, request).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            };
            if path == "/good" {
                assert_eq!(response.status(), 200);
                continue;
            }
            assert_eq!(response.status(), 500, "{path}");
            let header = |name: &str| {
                response
                    .headers()
                    .get(name)
                    .map(|value| value.to_str().unwrap().to_owned())
            };
            assert_eq!(header("content-type").as_deref(), Some("application/problem+json"));
            assert_eq!(header("x-caller-request-id").as_deref(), Some("panics"));
            let own_id = header("x-request-id");
            let body = to_bytes(response.into_body()).await.unwrap();
            let problem: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(problem["code"], "internal-error");
            assert_eq!(problem["type"], "http://registry.example/problems/internal-error");
            assert_eq!(problem["instance"], path);
            assert_eq!(problem["request_id"].as_str(), own_id.as_deref());
            assert!(!problem.to_string().contains("secret"), "{problem}");
        }
        let request = TestRequest::get().uri("/good").to_request();
        assert_eq!(call_service(&app, request).await.status(), 200);
    });
}
