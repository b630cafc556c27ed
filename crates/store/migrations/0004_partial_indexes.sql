-- The few orders that may keep their buyer out (M165): not paid, sent back, refused at the door, refunds.
CREATE INDEX orders_astray ON orders (day, standing, kind, record) WHERE standing IN (1, 3, 5) OR kind = 1;
-- Whether a campaign has anything left to send is asked every round of every worker.
CREATE INDEX touches_unsettled ON touches (campaign) WHERE state IN (0, 1, 2);
-- The few complaints (model::ResponseKind) of all that came back: asked for whenever Today is opened.
CREATE INDEX responses_complaints ON responses (touch) WHERE kind = 3;
