use super::{
    receiver::{Received, Receiver},
    tools::{Folder, printed, python_can_send, run, runner},
    *,
};

/// Text that may stand in a header.
const VALUE: &str = "it's \"quoted\" \\ $HOME ${HOME} #{1} `id` {key} {{}} %s //";

/// A call, and what is to arrive.
struct Expected {
    request: Request,
    arrives: fn(&Received),
}

#[test]
fn every_sample_sends_what_it_says() {
    let receiver = Receiver::open();
    let folder = Folder::new("execution");
    folder.write("a 'photo'.png", "the photo");
    for language in Language::ALL {
        let Some((command, file)) = runner(language) else { continue };
        if language == Language::Python && !python_can_send(&folder.0) {
            continue;
        }
        for expected in calls(&receiver.url) {
            let program = expected.request.program(language, "SANDBOX_KEY");
            folder.write(file, &program);
            let command: Vec<_> = command.iter().copied().chain([file]).collect();
            let Some(output) = run(&command, &folder.0) else { break };
            let printed = printed(output, &format!("{}: {program}", language.name()));
            assert!(printed.contains("received"), "{}: {printed}", language.name());
            let received = receiver.next();
            let outcome = std::panic::catch_unwind(|| (expected.arrives)(&received));
            assert!(outcome.is_ok(), "{} sent {received:#?}\n{program}", language.name());
        }
    }
}

fn calls(url: &str) -> Vec<Expected> {
    let to = |request: Request| Request { base_url: url.to_owned(), ..request };
    let expected = |request: Request, arrives: fn(&Received)| Expected { request: to(request), arrives };
    vec![
        expected(with_everything(), |received| {
            assert_eq!(received.line, "POST /things?a=1&a=%202%26&api%20key=k-1 HTTP/1.1");
            assert_eq!(received.header("authorization"), Some("Bearer k-1"));
            assert_eq!(received.header("X-Value"), Some(VALUE));
            assert_eq!(received.header("Cookie"), Some("theme=dark; session=k-1"));
            assert_eq!(received.header("Content-Type"), Some("application/json"));
            assert_eq!(serde_json::from_str::<Value>(&received.body).unwrap(), hostile_json());
        }),
        expected(post(Payload::Text(HOSTILE.concat().replace('\0', "")), Some("text/plain")), |received| {
            assert_eq!(received.body, HOSTILE.concat().replace('\0', ""));
            assert!(received.header("content-type").unwrap().starts_with("text/plain"));
        }),
        expected(form(), |received| {
            assert!(received.header("content-type").unwrap().starts_with("application/x-www-form-urlencoded"));
            let mut pairs: Vec<_> = received.body.split('&').map(decoded).collect();
            pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
            let texts = [("a b", "1"), ("a b", "x=y&z"), ("it's", VALUE)];
            assert_eq!(pairs, texts.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }),
        expected(parts(), |received| {
            let kind = received.header("content-type").unwrap();
            assert!(kind.starts_with("multipart/form-data; boundary="), "{kind}");
            let body = &received.body;
            for text in ["it's $HOME #{1} \\ ", "{\"a\": \"`id`\"}", "application/json", "the photo", "image/png"] {
                assert!(body.contains(text), "{text}");
            }
            assert_eq!(body.matches("filename=\"a 'photo'.png\"").count(), 2);
        }),
        expected(post(Payload::File("a 'photo'.png".to_owned()), Some("image/png")), |received| {
            assert_eq!((received.header("content-type"), received.body.as_str()), (Some("image/png"), "the photo"));
        }),
        expected(Request { auth: vec![Auth::Basic], ..get() }, |received| {
            assert_eq!(received.line, "GET /things HTTP/1.1");
            assert_eq!(received.header("authorization"), Some("Basic ay0xOg=="));
        }),
        expected(
            Request {
                method: Method::parse("QUERY").unwrap(),
                auth: vec![Auth::Scheme("token".to_owned()), Auth::Header("X-Key".to_owned())],
                ..get()
            },
            |received| {
                assert_eq!(received.line, "QUERY /things HTTP/1.1");
                assert_eq!(received.header("authorization"), Some("token k-1"));
                assert_eq!(received.header("x-key"), Some("k-1"));
            },
        ),
    ]
}

fn get() -> Request {
    Request { method: Method::parse("GET").unwrap(), ..post(Payload::Nothing, None) }
}

fn with_everything() -> Request {
    let mut request = post(Payload::Json(hostile_json()), Some("application/json"));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    request.query = vec![pair("a", "1"), pair("a", "%202%26")];
    request.headers.push(pair("X-Value", VALUE));
    request.cookies = vec![pair("theme", "dark")];
    request.auth.extend([Auth::Query("api key".to_owned()), Auth::Cookie("session".to_owned())]);
    request
}

fn hostile_json() -> Value {
    let members =
        HOSTILE.iter().map(|text| ((*text).to_owned(), json!([text, {"a": {}, "b": [], "c": null, "d": 0.5}])));
    Value::Object(members.collect())
}

fn form() -> Request {
    let pairs = [("a b", "1"), ("it's", VALUE), ("a b", "x=y&z")];
    post(Payload::Form(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()), None)
}

fn parts() -> Request {
    let part = |name: &str, content, kind: Option<&str>| Part {
        name: name.to_owned(),
        content,
        content_type: kind.map(str::to_owned),
    };
    let (text, file) = (|it: &str| PartContent::Text(it.to_owned()), || PartContent::File("a 'photo'.png".to_owned()));
    let parts = vec![
        part("note", text("it's $HOME #{1} \\ "), None),
        part("meta", text("{\"a\": \"`id`\"}"), Some("application/json")),
        part("photos", file(), Some("image/png")),
        part("photos", file(), None),
    ];
    post(Payload::Multipart(parts), None)
}

fn decoded(pair: &str) -> (String, String) {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_encoding::percent_decode_str(&text).decode_utf8().unwrap().into_owned()
    };
    let (name, value) = pair.split_once('=').unwrap();
    (decode(name), decode(value))
}
