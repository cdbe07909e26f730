-- What a rule book that somebody writes would have given is worked out as what a campaign would have cost is: the latest attempt of
-- each who asks, in each programme.
alter table campaign_trials rename to trials;
alter index campaign_trials_open rename to trials_open;
alter table trials
  drop constraint campaign_trials_pkey,
  add column id int generated always as identity primary key,
  add column programme_id int references programmes;
update trials set programme_id = campaigns.programme_id from campaigns where campaigns.id = campaign_id;
alter table trials
  alter column programme_id set not null,
  -- Null: of a book, whose version is the one that it follows upon.
  alter column campaign_id drop not null,
  add constraint trials_campaign_id_key unique (campaign_id);
create unique index trials_of_books on trials (programme_id, asked_by) where campaign_id is null;
