//! The commands. Each prints what it did and answers with an exit code that scripts can rely on.

mod doctor;
mod serve;

use std::{io::IsTerminal, path::PathBuf, process::ExitCode};

use anyhow::Context;
use clap::{Args, Parser, Subcommand};
use secrecy::ExposeSecret;
use sqlx::PgPool;

use crate::{
    accounts::{self, EmailAddress, Password, Passwords},
    audit::Actor,
    config::Config,
    db,
    guides::Guides,
    keys::KeyRing,
    name::Name,
    outbound,
    portal::{Parts, Portal},
    postgres::Embedded,
    reference::{self, Catalogue, Correction, bundle, source},
    settings::Settings,
    tokens::{self, Holder, NewToken},
    usage::Usage,
    vault::Vault,
    web::{Assets, RememberedPages},
};

/// Exit code of commands whose input cannot be read.
const BAD_INPUT: u8 = 2;

/// The self-hosted partner developer portal. Settings are environment variables; see the README.
#[derive(Parser)]
#[command(name = "vestibule", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal; migrates first.
    Serve {
        /// Load the demo content once.
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database's schema up to date and stop.
    Migrate,
    /// Staff administrators.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Tokens for the HTTP API.
    #[command(subcommand)]
    Token(TokenCommand),
    /// The APIs that the portal shows.
    #[command(subcommand)]
    Api(ApiCommand),
    /// Check configuration, database, audit trail, mail and disk, and say what to do about each fault.
    Doctor,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Make a staff administrator; prints a link that sets the password, good once and for a day.
    Create {
        /// The administrator's mail address.
        #[arg(long)]
        email: String,
        /// Read the password from standard input instead.
        #[arg(long)]
        password_stdin: bool,
    },
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Make a staff token; printed once.
    Create {
        /// What the token may do, e.g. `audit:read`.
        #[arg(long, required = true, num_args = 1.., value_delimiter = ',')]
        scopes: Vec<String>,
        /// What it is called.
        #[arg(long, default_value = "command line")]
        name: String,
    },
}

#[derive(Subcommand)]
enum ApiCommand {
    /// Import a version of an API from an OpenAPI document.
    Import(ImportArgs),
}

#[derive(Args)]
struct ImportArgs {
    /// The document, JSON or YAML: a file, a folder that has it, or an https address.
    document: String,
    /// Where the document's other files may be; its own folder where it is left out.
    #[arg(long)]
    folder: Option<PathBuf>,
    /// The API's name in addresses, e.g. `parcels`.
    #[arg(long)]
    slug: String,
    /// The version's name; the document's own where it is left out.
    #[arg(long)]
    version: Option<String>,
    /// Publish it at once.
    #[arg(long)]
    publish: bool,
    /// Correct a version that is published, and say why; partners see the correction at once.
    #[arg(long, value_name = "NOTE")]
    revise: Option<String>,
    /// Who may see the API, where this import makes it: public, partners or organizations.
    #[arg(long, default_value = "public")]
    visibility: reference::Visibility,
}

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let config = match Config::from_environment() {
        Ok(config) => config,
        Err(error) => return fail(&error.to_string(), 1),
    };
    start_logging(&config);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.to_string(), 1),
    };
    match runtime.block_on(perform(cli.command, config)) {
        Ok(code) => code,
        Err(error) => fail(&format!("{error:#}"), 1),
    }
}

async fn perform(command: Command, config: Config) -> anyhow::Result<ExitCode> {
    // Without it, leptos has nowhere to run what a page does asynchronously.
    let _ = any_spawner::Executor::init_tokio();
    match command {
        Command::Serve { demo } => serve::serve(config, serve::Content::of(demo)).await.map(|()| ExitCode::SUCCESS),
        Command::Doctor => doctor::examine(config).await,
        Command::Migrate => {
            with_database(config, async |_, db| {
                db::migrate(&db).await?;
                say("The schema is up to date.");
                Ok(ExitCode::SUCCESS)
            })
            .await
        }
        Command::Admin(AdminCommand::Create { email, password_stdin }) => {
            with_portal(config, async |portal| create_administrator(&portal, &email, password_stdin).await).await
        }
        Command::Token(TokenCommand::Create { scopes, name }) => {
            with_portal(config, async |portal| create_token(&portal, &name, &scopes).await).await
        }
        Command::Api(ApiCommand::Import(arguments)) => {
            with_portal(config, async |portal| import(&portal, arguments).await).await
        }
    }
}

async fn create_administrator(portal: &Portal, email: &str, password_stdin: bool) -> anyhow::Result<ExitCode> {
    let email = EmailAddress::parse(email).map_err(anyhow::Error::msg)?;
    if !password_stdin {
        let link = accounts::set_password_link(portal, &email).await?;
        say(&format!("{} is an administrator. Set the password within a day, once:\n{link}", email.as_str()));
        return Ok(ExitCode::SUCCESS);
    }
    let typed = std::io::read_to_string(std::io::stdin()).context("the password could not be read")?;
    let password =
        Password::parse(typed.trim_end_matches(['\r', '\n']), &[email.as_str()]).map_err(anyhow::Error::msg)?;
    accounts::administrator(portal, &email, &password).await?;
    say(&format!("{} is an administrator.", email.as_str()));
    Ok(ExitCode::SUCCESS)
}

async fn create_token(portal: &Portal, name: &str, scopes: &[String]) -> anyhow::Result<ExitCode> {
    let new = NewToken {
        holder: Holder::Staff,
        name: Name::parse(name).map_err(anyhow::Error::msg)?,
        scopes: tokens::choose_scopes(Holder::Staff, scopes)?,
    };
    let mut tx = portal.db.begin().await?;
    let actor = Actor::system("command line");
    let issued = tokens::issue(&mut tx, &portal.vault, &portal.config.key_prefix, &actor, new).await?;
    tx.commit().await?;
    say(issued.secret.expose_secret());
    Ok(ExitCode::SUCCESS)
}

async fn import(portal: &Portal, arguments: ImportArgs) -> anyhow::Result<ExitCode> {
    let actor = Actor::system("command line");
    let (request, origin) = match fetch_or_read(portal, arguments).await {
        Ok(found) => found,
        Err(reason) => return Ok(fail(&reason, BAD_INPUT)),
    };
    match reference::import(&portal.db, &actor, request).await {
        Ok(report) => {
            if let Some(origin) = origin {
                source::remember(&portal.db, &actor, &report, &origin).await?;
            }
            say(&report.to_string());
            Ok(ExitCode::SUCCESS)
        }
        Err(reference::ImportError::Fault(error)) => Err(error),
        Err(error @ reference::ImportError::Published { .. }) => Ok(fail(
            &format!("{error}\nSay --version NAME for a new version, or --revise NOTE for a revision."),
            BAD_INPUT,
        )),
        Err(error) => Ok(fail(&error.to_string(), BAD_INPUT)),
    }
}

/// The document, and where it came from if that can be looked at again.
async fn fetch_or_read(
    portal: &Portal,
    arguments: ImportArgs,
) -> Result<(reference::ImportRequest, Option<source::Origin>), String> {
    let ImportArgs { document, folder, slug, version, publish, revise, visibility } = arguments;
    let correction = revise.map_or(Correction::Refuse, Correction::Publish);
    let request = reference::ImportRequest { slug, version, publish, visibility, correction, ..Default::default() };
    if document.starts_with("https://") || document.starts_with("http://") {
        let fetched = source::fetch(&portal.outbound, &document).await.map_err(|error| error.to_string())?;
        let origin = fetched.origin(&document);
        let request = reference::ImportRequest { file_name: fetched.file_name, bytes: fetched.bytes, ..request };
        return Ok((request, Some(origin)));
    }
    let read = bundle::read(document.as_ref(), folder.as_deref()).await.map_err(|error| error.to_string())?;
    let request =
        reference::ImportRequest { file_name: read.file_name, bytes: read.bytes, doubts: read.doubts, ..request };
    Ok((request, None))
}

/// The database of the configuration: the operator's, or the portal's own.
struct Database {
    pool: PgPool,
    embedded: Option<Embedded>,
}

impl Database {
    async fn open(config: &Config) -> anyhow::Result<Self> {
        match &config.database_url {
            Some(url) => Ok(Self { pool: db::connect(url).await.context("DATABASE_URL")?, embedded: None }),
            None => {
                let embedded = Embedded::start(&config.data_dir).await?;
                let url = embedded.url().to_owned().into();
                Ok(Self { pool: db::connect(&url).await?, embedded: Some(embedded) })
            }
        }
    }

    async fn close(self) -> anyhow::Result<()> {
        self.pool.close().await;
        match self.embedded {
            Some(embedded) => embedded.stop().await,
            None => Ok(()),
        }
    }
}

async fn with_database(
    config: Config,
    work: impl AsyncFnOnce(Config, PgPool) -> anyhow::Result<ExitCode>,
) -> anyhow::Result<ExitCode> {
    let database = Database::open(&config).await?;
    let result = work(config, database.pool.clone()).await;
    database.close().await?;
    result
}

async fn with_portal(
    config: Config,
    work: impl AsyncFnOnce(Portal) -> anyhow::Result<ExitCode>,
) -> anyhow::Result<ExitCode> {
    with_database(config, async |config, pool| {
        db::migrate(&pool).await?;
        work(assemble(config, pool, Assets::unbuilt()).await?).await
    })
    .await
}

/// Puts the portal together on a database whose schema is up to date.
async fn assemble(config: Config, db: PgPool, assets: Assets) -> anyhow::Result<Portal> {
    let vault = Vault::open(&config)?;
    Ok(Portal::new(Parts {
        vault,
        passwords: Passwords::new()?,
        key_ring: KeyRing::new(config.key_rate_limit),
        usage: Usage::default(),
        outbound: outbound::Client::new(config.outbound_allow.clone()),
        catalogue: Catalogue::load(&db, &config.base_url).await?,
        guides: Guides::load(&config.content_dir, &config.base_url)?,
        settings: Settings::load(&db).await?,
        pages: RememberedPages::default(),
        assets,
        db,
        config,
    }))
}

fn start_logging(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::new(&config.log);
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match std::io::stderr().is_terminal() {
        true => lines.init(),
        false => lines.json().flatten_event(true).init(),
    }
}

#[expect(clippy::print_stdout, reason = "what a command answers")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "what a command answers when it fails")]
fn fail(text: &str, code: u8) -> ExitCode {
    eprintln!("vestibule: {text}");
    ExitCode::from(code)
}
