//! Measures the store: plain orders in, events out, pages.
use model::*;
struct Instant(f64, std::time::Instant);
struct D(f64, f64);
fn cpu() -> f64 { std::fs::read_to_string("/proc/thread-self/schedstat").unwrap().split(' ').next().unwrap().parse::<f64>().unwrap()/1e9 }
impl Instant { fn now() -> Instant { Instant(cpu(), std::time::Instant::now()) } fn elapsed(&self) -> D { D(cpu()-self.0, self.1.elapsed().as_secs_f64()) } }
impl D { fn as_secs_f64(&self) -> f64 { if std::env::var("WALL").is_ok() { self.1 } else { self.0 } } }

use store::{Counting, NewImport, Store, Summary};
fn rss() -> (u64,u64) { let s=std::fs::read_to_string("/proc/self/status").unwrap(); let g=|k:&str| s.lines().find(|l|l.starts_with(k)).and_then(|l|l.split_whitespace().nth(1)).and_then(|v|v.parse().ok()).unwrap_or(0u64)/1024; (g("VmRSS"),g("VmHWM")) }
fn order(n: u64, customers: u64, random: bool) -> Item {
    let mut x = n.wrapping_mul(0x9e3779b97f4a7c15); x ^= x >> 29; x = x.wrapping_mul(0xbf58476d1ce4e5b9); x ^= x >> 32;
    let c = x % customers;
    let day = 18000 + (n / 4000) as i32;
    Item::Order(Box::new(Order { ext_id: if random { format!("{:x}", x.wrapping_mul(n|1)) + &n.to_string() } else { n.to_string() }, buyer: Buyer { ext_id: format!("C{c:07}"), record: None }, at: day as i64*86400 + (n%86400) as i64, day: Day(day), kind: OrderKind::Sale, standing: Standing::Completed, total: Money::units((x>>40) as i64 % 20000 + 100), refunded: Money::ZERO, goods: None, shipping: None, tax: None, discount: None, points: None, gift: false, shipped: None, medium: None, refund_of: None, lines: vec![] }))
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let (url, total, customers, random) = (&a[1], a[2].parse::<u64>().unwrap(), a[3].parse::<u64>().unwrap(), a.get(4).is_some_and(|s| s=="random"));
    let store = Store::open(url).unwrap();
    store.migrate().unwrap();
    for round in 0..2 {
        let t = Instant::now();
        let mut s = store.begin_import(&NewImport { path: "x".into(), source: "shop".into(), kind: Kind::Orders, encoding: "UTF-8".into(), at: 0, today: Day(20779) }).unwrap();
        let mut making = 0.0; let mut last = Instant::now();
        let mut sum = (0,0,0,0);
        for from in (0..total).step_by(5000) {
            let t = Instant::now();
            let items: Vec<Item> = (from..(from+5000).min(total)).map(|n| order(n, customers, random)).collect();
            making += t.elapsed().as_secs_f64();
            let y = s.write(&items).unwrap();
            sum = (sum.0+y.inserted, sum.1+y.updated, sum.2+y.unchanged, sum.3+y.customers);
            if from % 1_000_000 == 0 && from > 0 { eprintln!("  {from} {:.0}k/s rss {:?}", 1000.0/last.elapsed().as_secs_f64(), rss()); last = Instant::now(); }
        }
        let w = t.elapsed().as_secs_f64();
        s.finish(&Summary { inserted: sum.0, ..Summary::default() }).unwrap();
        let all = t.elapsed().as_secs_f64();
        println!("round {round}: {sum:?} writing {:.1}s finish {:.1}s making {making:.1}s => {:.0}k/s all, {:.0}k/s without making; rss {:?}", w, all-w, total as f64/all/1000.0, total as f64/(all-making)/1000.0, rss());
    }
    let rule = Counting { spend: SpendRule::Paid, pending: true, zero: true };
    for _ in 0..2 { let t = Instant::now(); let mut n = 0u64; let mut v=0i64; store.events(None, &rule, &mut |e| { n += 1; v ^= e.value }).unwrap(); let d=t.elapsed().as_secs_f64(); println!("events {n} in {d:.2}s = {:.2}M/s rss {:?} {v}", n as f64/d/1e6, rss()); }
    let t = Instant::now(); let ids: Vec<i64> = (1..=(customers as i64)).step_by(100).collect(); let mut n=0u64; store.events(Some(&ids), &rule, &mut |_| n+=1).unwrap(); println!("events of {} customers: {n} in {:.2}s", ids.len(), t.elapsed().as_secs_f64());
    let t = Instant::now(); let mut n=0u64; store.reach_facts(None, &mut |_| n+=1).unwrap(); println!("reach {n} in {:.2}s", t.elapsed().as_secs_f64());
    for (what, f) in [("labels", Box::new(|s: &Store| { s.labels(&(1000..1100).collect::<Vec<_>>()).unwrap(); }) as Box<dyn Fn(&Store)>), ("person", Box::new(|s: &Store| { s.person(4321).unwrap().unwrap(); })), ("find", Box::new(|s: &Store| { s.find("C0004321", 20).unwrap(); })), ("find name", Box::new(|s: &Store| { s.find("山田", 20).unwrap(); })), ("changed", Box::new(|s: &Store| { s.changed().unwrap(); })), ("latest", Box::new(|s: &Store| { s.latest_order().unwrap(); }))] { f(&store); let t=Instant::now(); for _ in 0..10 { f(&store) } println!("{what} {:.2} ms", t.elapsed().as_secs_f64()*100.0); }
}
