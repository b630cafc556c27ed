//! Who may open the pages from another machine.

use crate::cli::OperatorVerb;
use crate::out::Talk;
use anyhow::{Result, ensure};
use app::App;
use serde_json::json;
use std::io::{BufRead, Write};
use std::process::ExitCode;

pub fn run(app: &App, what: &OperatorVerb, talk: &Talk) -> Result<ExitCode> {
    match what {
        OperatorVerb::Add { name } => {
            let mut err = std::io::stderr().lock();
            write!(err, "{}", talk.say("パスワード: ", "password: "))?;
            err.flush()?;
            let mut password = String::new();
            std::io::stdin().lock().read_line(&mut password)?;
            let password = password.trim_end_matches(['\r', '\n']);
            ensure!(!password.is_empty(), "the password is read from standard input");
            app.set_operator(name, password)?;
            talk.line(talk.say("登録しました。", "Noted."))?;
        }
        OperatorVerb::Shut { name } => {
            app.shut_operator(name)?;
            talk.line(talk.say("入れないようにしました。", "Shut out."))?;
        }
        OperatorVerb::List => {
            let all = app.operators()?;
            if talk.json {
                talk.value(
                    &all.iter().map(|(name, at)| json!({ "name": name, "since": at })).collect::<Vec<_>>(),
                )?;
            } else {
                for (name, at) in all {
                    talk.line(&format!("{} {}", app.local_time(at)?, crate::out::safe(&name)))?;
                }
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
