//! The trade's own frames beside the state: stage, CPM, silent category, A or B.

use model::{Cpm, Day, History, Money, Silent, Stage, SubscriptionState, Type};

/// Cuts of CPM (やずや式). Source: LTV-Lab's defaults, `domain/japan.md` section 5.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CpmCuts {
    /// Gone (離脱) from this many days since the last order.
    pub gone: i32,
    /// Young (よちよち) below this many days from first to last order.
    pub young: i32,
    /// Best (優良) from this many days from first to last order.
    pub best: i32,
    /// Trend or best from this spend; below it steady (コツコツ).
    pub spend: Money,
}

/// Numbers that divide customers into the frames.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frames {
    /// An inquiry makes someone interested for so many days.
    pub interest_days: i32,
    /// A fan from this many orders (or by CPM).
    pub fan_orders: u32,
    /// Days since the last order from which one of the four silent categories holds (M053).
    pub silent: i32,
    pub cpm: CpmCuts,
}

impl Default for Frames {
    fn default() -> Frames {
        let cpm = CpmCuts { gone: 240, young: 90, best: 210, spend: Money::units(70_000) };
        Frames { interest_days: 90, fan_orders: 5, silent: 181, cpm }
    }
}

impl Frames {
    pub(crate) fn stage(&self, h: &History, cpm: Cpm, as_of: Day) -> Stage {
        let interested = h.last_interest.is_some_and(|day| as_of.since(day) <= self.interest_days);
        match h.n_orders {
            _ if h.advocacy > 0 => Stage::Ambassador,
            n if n > 0 && (n >= self.fan_orders || cpm == Cpm::Best) => Stage::Fan,
            0 if interested => Stage::Interested,
            0 => Stage::Lead,
            1 => Stage::FirstTime,
            _ => Stage::Repeater,
        }
    }

    /// The cell, and whether the customer is gone.
    pub(crate) fn cpm(&self, h: &History, as_of: Day) -> (Cpm, bool) {
        let (Some(first), Some(last)) = (h.first_order, h.last_order) else { return (Cpm::None, false) };
        let (tenure, high) = (last.since(first), h.spend >= self.cpm.spend);
        let cell = match h.n_orders {
            0 | 1 => Cpm::First,
            _ if tenure < self.cpm.young => Cpm::Young,
            _ if !high => Cpm::Steady,
            _ if tenure < self.cpm.best => Cpm::Trend,
            _ => Cpm::Best,
        };
        (cell, as_of.since(last) >= self.cpm.gone)
    }

    /// `delivering`: a subscription runs and its next delivery is not overdue. One that runs on
    /// paper only, with its delivery long past, stands still and counts as paused.
    pub(crate) fn silent(&self, h: &History, delivering: bool, as_of: Day) -> Silent {
        if delivering {
            return Silent::Running;
        }
        match h.days_silent(as_of) {
            Some(days) if days >= self.silent => {}
            _ => return Silent::None,
        }
        match h.subscription {
            SubscriptionState::Running | SubscriptionState::Paused => Silent::Paused,
            SubscriptionState::Cancelled => Silent::Cancelled,
            SubscriptionState::None if h.n_orders >= 2 => Silent::OneOff,
            SubscriptionState::None => Silent::New,
        }
    }

    pub(crate) fn kind(&self, h: &History) -> Type {
        match h.n_orders {
            0 => Type::None,
            1 => Type::A,
            _ => Type::B,
        }
    }
}
