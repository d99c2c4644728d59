//! `vestibule`: the server and the commands around it.
#![forbid(unsafe_code)]

#[cfg(feature = "ssr")]
fn main() -> std::process::ExitCode {
    vestibule::commands::run()
}

#[cfg(not(feature = "ssr"))]
fn main() {}
