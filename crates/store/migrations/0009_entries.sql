-- The day on which somebody entered a campaign by its trigger; NULL in plans drawn at once.
ALTER TABLE assignments ADD COLUMN entered BIGINT;
CREATE INDEX assignments_entered ON assignments (plan, entered) WHERE entered IS NOT NULL;
