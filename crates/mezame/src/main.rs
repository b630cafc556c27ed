//! In: words on a command line, the environment, the wall clock.
//! Out: answers on standard output, progress and errors on standard error, an exit code.
//! Never: a decision of the business; those are asked of `app`.

mod cli;
mod out;
mod progress;
mod secrets;
mod verbs;

use app::{App, Clock, Config};
use clap::Parser;
use cli::{Cli, Verb};
use std::process::ExitCode;
use std::sync::Arc;

/// Exit codes: 0 done, 1 failed, 2 wrong call (clap's), 3 needs a person.
fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(why) if is_broken_pipe(&why) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("mezame: {why:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let talk = out::Talk { json: cli.json, english: cli.lang == cli::Lang::En };
    let bare = matches!(cli.verb, Verb::Sources | Verb::MakeShop(_) | Verb::Demo(_) | Verb::Restore(_))
        || matches!(&cli.verb, Verb::Backup(args) if args.verb.is_some());
    let secrets = if bare { app::Secrets::default() } else { secrets::load(&cli.data)? };
    let config = Config { db: cli.db.clone(), data: cli.data.clone(), clock: clock(cli.today), secrets };
    match &cli.verb {
        Verb::MakeShop(args) => return verbs::make_shop::run(args, config, &talk),
        Verb::Migrate => return verbs::migrate(config, &talk),
        Verb::Restore(args) => return verbs::copies::restore(config, args, &talk),
        Verb::Backup(cli::BackupArgs { verb: Some(what), .. }) => return verbs::copies::check(what, &talk),
        Verb::Sources => return verbs::import::sources(&talk),
        Verb::Demo(args) => return verbs::demo::run(args, config, &talk),
        Verb::Import(args) if args.suggest_map.is_some() => return verbs::import::suggest(args),
        _ => {}
    }
    let app = App::open(config)?;
    match cli.verb {
        Verb::Import(args) => verbs::import::run(&app, &args, &talk),
        Verb::Backup(args) => verbs::copies::backup(&app, &args, &talk),
        Verb::Export(args) => verbs::copies::export(&app, &args, &talk),
        Verb::Access(args) => verbs::copies::access(&app, &args, &talk),
        Verb::Arrivals(args) => verbs::keeping::arrivals(&app, &args, &talk),
        Verb::Judge(args) => verbs::judge::run(&app, &args, &talk),
        Verb::Rank(args) => verbs::rank::run(&app, &args, &talk),
        Verb::Advise(args) => verbs::advise::run(&app, &args, &talk),
        Verb::Model => verbs::card::run(&app, &talk),
        Verb::Backtest(args) => verbs::backtest::run(&app, &args, &talk),
        Verb::Board(args) => verbs::board::run(&app, &args, &talk),
        Verb::Customers(args) => verbs::customers::list(&app, &args, &talk),
        Verb::Customer { id } => verbs::customers::one(&app, &id, &talk),
        Verb::Policy(what) => verbs::policy::run(&app, what, &talk),
        Verb::Segment(what) => verbs::segment::run(&app, what, &talk),
        Verb::Reach(args) => verbs::reach::run(&app, args, &talk),
        Verb::Suppress(args) => verbs::reach::suppress(&app, &args, &talk),
        Verb::Match(what) => verbs::matching::run(&app, what, &talk),
        Verb::Products { limit } => verbs::products(&app, limit, &talk),
        Verb::Settings(what) => verbs::settings::run(&app, what, &talk),
        Verb::Campaign(what) => verbs::campaign::run(&app, what, &talk),
        Verb::Reasons(args) => verbs::reasons::run(&app, args.what, &talk),
        Verb::Goods(what) => verbs::goods::run(&app, what, &talk),
        Verb::Improvement(what) => verbs::improvement::run(&app, what, &talk),
        Verb::Survey(what) => verbs::survey::run(&app, what, &talk),
        Verb::Desk(what) => verbs::desk::run(&app, what, &talk),
        Verb::Inbox(what) => verbs::inbox::run(&app, what, &talk),
        Verb::Contact(what) => verbs::contact::run(&app, what, &talk),
        Verb::Library(what) => verbs::library::run(&app, what, &talk),
        Verb::Notes(what) => verbs::notes::run(&app, what, &talk),
        Verb::Social(what) => verbs::social::run(&app, what, &talk),
        Verb::Visits(what) => verbs::visits::run(&app, what, &talk),
        Verb::Work(args) => verbs::work::run(&app, &args, &talk),
        Verb::Post(what) => verbs::post::run(&app, what, &talk),
        Verb::Ads(what) => verbs::ads::run(&app, what, &talk),
        Verb::Refresh(what) => verbs::ads::refresh(&app, &what, &talk),
        Verb::Newsletter(what) => verbs::cadence::newsletter(&app, &what, &talk),
        Verb::Mourning(args) => verbs::cadence::mourning(&app, &args, &talk),
        Verb::Codes(what) => verbs::codes::run(&app, what, &talk),
        Verb::Calendar { year } => verbs::ads::calendar(&app, year, &talk),
        Verb::Measure { campaign } => verbs::measure::run(&app, &campaign, &talk),
        Verb::Doctor { what: None } => verbs::doctor(&app, &talk),
        Verb::Doctor { what: Some(cli::DoctorVerb::Mail { domain }) } => {
            verbs::sender::doctor(&app, &domain, &talk)
        }
        Verb::Key(what) => verbs::sender::key(&app, &what, &cli.data, &talk),
        Verb::Operator(what) => verbs::operator::run(&app, &what, &talk),
        Verb::Serve(args) => verbs::serve::run(&app, &args, cli.today, &talk),
        Verb::Demo(_) | Verb::MakeShop(_) | Verb::Migrate | Verb::Restore(_) | Verb::Sources => {
            Ok(ExitCode::SUCCESS)
        } // answered above
    }
}

/// The wall clock, or noon of a set day: nothing else in the workspace reads the time.
#[allow(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
fn clock(today: Option<model::Day>) -> Clock {
    match today {
        // 03:00 UTC is noon in Japan: the same day in every zone from -03:00 to +11:00.
        Some(day) => Clock(Arc::new(move || i64::from(day.0) * 86_400 + 3 * 3_600)),
        None => Clock(Arc::new(|| jiff::Timestamp::now().as_second())),
    }
}

fn is_broken_pipe(why: &anyhow::Error) -> bool {
    let broken = |e: &std::io::Error| e.kind() == std::io::ErrorKind::BrokenPipe;
    why.chain().any(|cause| cause.downcast_ref::<std::io::Error>().is_some_and(broken))
}
