//! Looks the portal over, and says what to do about each fault.

use std::process::ExitCode;

use sqlx::PgPool;

use super::{Database, say};
use crate::{audit, config::Config, db, jobs, outbound, search, vault::Vault, web::Assets};

/// A difference that would make signatures and sessions fail.
const CLOCK_TOLERANCE_SECONDS: f64 = 5.0;

/// What an examination found: a sentence, and for a fault what to do.
enum Finding {
    Well(String),
    Fault { what: String, remedy: &'static str },
}

/// Examines everything that can be examined; 0 when all is well, 1 otherwise.
pub(super) async fn examine(config: Config) -> anyhow::Result<ExitCode> {
    let mut findings = vec![Finding::Well("Configuration can be read.".into())];
    findings.push(data_directory(&config));
    findings.push(vault(&config));
    findings.push(site(&config));
    findings.push(mail(&config).await);
    findings.push(outbound(&config));
    match Database::open(&config).await {
        Ok(database) => {
            findings.push(Finding::Well("Database answers.".into()));
            findings.extend(database_findings(&database.pool).await);
            database.close().await?;
        }
        Err(error) => findings.push(Finding::Fault {
            what: format!("Database does not answer: {error:#}"),
            remedy: "Check DATABASE_URL, or unset it to use the embedded Postgres.",
        }),
    }
    let is_well = findings.iter().all(|finding| matches!(finding, Finding::Well(_)));
    for finding in findings {
        match finding {
            Finding::Well(what) => say(&format!("ok     {what}")),
            Finding::Fault { what, remedy } => say(&format!("fault  {what}\n       {remedy}")),
        }
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn data_directory(config: &Config) -> Finding {
    let probe = config.data_dir.join(".doctor");
    let written = std::fs::create_dir_all(&config.data_dir)
        .and_then(|()| std::fs::write(&probe, vec![0u8; 1 << 20]))
        .and_then(|()| std::fs::remove_file(&probe));
    match written {
        Ok(()) => Finding::Well(format!("Data directory {} can be written.", config.data_dir.display())),
        Err(error) => Finding::Fault {
            what: format!("Data directory {} cannot be written: {error}", config.data_dir.display()),
            remedy: "Free some disk space, or point VESTIBULE_DATA_DIR to a directory that the portal may write.",
        },
    }
}

fn vault(config: &Config) -> Finding {
    match Vault::open(config) {
        Ok(_) => Finding::Well("Master key can be read.".into()),
        Err(error) => Finding::Fault {
            what: format!("Master key: {error:#}"),
            remedy: "Restore the data directory's master.key from a backup, or set VESTIBULE_MASTER_KEY.",
        },
    }
}

fn site(config: &Config) -> Finding {
    match Assets::find(config.site_dir.as_deref()) {
        Ok(assets) => Finding::Well(format!("Site is built in {}.", assets.site.display())),
        Err(error) => Finding::Fault {
            what: format!("Site: {error:#}"),
            remedy: "Build it with `cargo leptos build --release`, or set VESTIBULE_SITE_DIR.",
        },
    }
}

async fn mail(config: &Config) -> Finding {
    match &config.smtp_url {
        None => Finding::Well("Mail is kept in the outbox: VESTIBULE_SMTP_URL is not set.".into()),
        Some(url) => match crate::mail::reach(url).await {
            Ok(()) => Finding::Well("Mail server answers.".into()),
            Err(error) => Finding::Fault {
                what: format!("Mail server does not answer: {error}"),
                remedy: "Check VESTIBULE_SMTP_URL; messages wait in the outbox until then.",
            },
        },
    }
}

fn outbound(config: &Config) -> Finding {
    if outbound::trusted_certificates() == 0 {
        return Finding::Fault {
            what: "Calls to other servers: the system has no certificates to trust.".into(),
            remedy: "Install the system's ca-certificates; until then nothing is fetched over https.",
        };
    }
    let listed: Vec<_> = config.outbound_allow.iter().map(ToString::to_string).collect();
    Finding::Well(match listed.is_empty() {
        true => "Calls to other servers go to public addresses only.".into(),
        false => format!("Calls to other servers go to public addresses and to {}.", listed.join(", ")),
    })
}

async fn database_findings(db: &PgPool) -> Vec<Finding> {
    let examined = async || -> sqlx::Result<Vec<Finding>> {
        let mut findings = vec![migrations(db).await?];
        if matches!(findings[0], Finding::Well(_)) {
            findings.push(trail(db).await?);
            findings.push(Finding::Well(format!("Jobs waiting: {}.", jobs::waiting(db).await?)));
            findings.push(typos(db).await?);
        }
        findings.push(clock(db).await?);
        Ok(findings)
    };
    examined().await.unwrap_or_else(|error| {
        vec![Finding::Fault { what: format!("Database: {error}"), remedy: "Look at the database's own log." }]
    })
}

async fn migrations(db: &PgPool) -> sqlx::Result<Finding> {
    let pending = db::pending_migrations(db).await?;
    Ok(match pending {
        0 => Finding::Well("Schema is up to date.".into()),
        pending => {
            Finding::Fault { what: format!("Schema: {pending} migrations wait."), remedy: "Run `vestibule migrate`." }
        }
    })
}

async fn trail(db: &PgPool) -> sqlx::Result<Finding> {
    Ok(match audit::verify(db).await? {
        None => Finding::Well("Audit trail is whole.".into()),
        Some(broken) => Finding::Fault {
            what: format!("Audit trail: entry {} was changed, or one before it is missing.", broken.seq),
            remedy: "Compare with a backup, and find out who can write to the database directly.",
        },
    })
}

async fn typos(db: &PgPool) -> sqlx::Result<Finding> {
    Ok(match search::forgives_typos(db).await? {
        true => Finding::Well("Search forgives typos.".into()),
        false => Finding::Fault {
            what: "Search takes words as they are typed: the database lacks the extension pg_trgm.".into(),
            remedy: "Install PostgreSQL's contrib package and run `create extension pg_trgm` in the portal's database.",
        },
    })
}

async fn clock(db: &PgPool) -> sqlx::Result<Finding> {
    let apart = db::clock_difference(db).await?;
    Ok(match apart.abs() <= CLOCK_TOLERANCE_SECONDS {
        true => Finding::Well("Clock agrees with the database's.".into()),
        false => Finding::Fault {
            what: format!("Clock differs from the database's by {apart:.0} seconds."),
            remedy: "Synchronize both machines' clocks (NTP).",
        },
    })
}
