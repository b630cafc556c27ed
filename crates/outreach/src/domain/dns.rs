//! Answers from the name servers that this machine uses.

use super::{Ask, Unreachable};
use mail_auth::hickory_resolver::{
    TokioResolver,
    net::NetError,
    proto::rr::{RData, RecordType},
};
use std::time::Duration;

/// Nobody waits longer than this for one answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A `Look` that asks the name servers in this machine's settings; each question blocks, for at most
/// five seconds.
pub fn resolver() -> Result<impl Fn(&str, Ask) -> Result<Vec<String>, Unreachable>, Unreachable> {
    let unset = || Unreachable { name: "/etc/resolv.conf".to_owned() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|_| unset())?;
    let resolver = {
        let _entered = runtime.enter();
        TokioResolver::builder_tokio().and_then(|builder| builder.build()).map_err(|_| unset())?
    };
    Ok(move |name: &str, ask| {
        let kinds: &[RecordType] = match ask {
            Ask::Txt => &[RecordType::TXT],
            Ask::Mx => &[RecordType::MX],
            Ask::Ptr => &[RecordType::PTR],
            Ask::Address => &[RecordType::A, RecordType::AAAA],
        };
        let asked = async {
            let mut found = vec![];
            for kind in kinds {
                found.extend(answers(&resolver, name, *kind).await?);
            }
            Ok(found)
        };
        let unreachable = || Unreachable { name: name.to_owned() };
        runtime
            .block_on(async { tokio::time::timeout(PATIENCE, asked).await })
            .map_err(|_| unreachable())?
            .map_err(|_: NetError| unreachable())
    })
}

async fn answers(resolver: &TokioResolver, name: &str, kind: RecordType) -> Result<Vec<String>, NetError> {
    // With its last dot, so that no search domain of this machine is tried.
    let name = format!("{}.", name.trim_end_matches('.'));
    match resolver.lookup(name, kind).await {
        Ok(lookup) => Ok(lookup.answers().iter().filter_map(|record| text(&record.data)).collect()),
        Err(error) if error.is_no_records_found() || error.is_nx_domain() => Ok(vec![]),
        Err(error) => Err(error),
    }
}

fn text(data: &RData) -> Option<String> {
    Some(match data {
        RData::TXT(txt) => {
            let whole: Vec<u8> = txt.txt_data.iter().flat_map(|piece| piece.iter().copied()).collect();
            String::from_utf8_lossy(&whole).into_owned()
        }
        RData::MX(mx) => {
            let host = mx.exchange.to_ascii();
            let host = if host == "." { "." } else { host.trim_end_matches('.') };
            format!("{} {host}", mx.preference)
        }
        RData::PTR(name) => name.0.to_ascii().trim_end_matches('.').to_owned(),
        RData::A(address) => address.0.to_string(),
        RData::AAAA(address) => address.0.to_string(),
        _ => return None,
    })
}
