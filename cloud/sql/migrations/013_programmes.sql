-- Programmes: a merchant's own rules, stores and customers. Several may share a database, and none sees another's.
create table programmes (
  id int generated always as identity primary key,
  merchant text not null check (merchant <> ''),
  name text not null unique check (name <> ''),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- Digits behind the point of the currency: kopecks are two.
  minor_digits int not null check (minor_digits between 0 and 4),
  -- Null: that of the cloud.
  time_zone text check (time_zone <> ''),
  -- What customers collect, as words for one, a few and many of it.
  point_words text[] not null check (cardinality(point_words) = 3 and array_position(point_words, null) is null),
  settings jsonb not null default '{}',
  -- Counts the changes of settings and rule books.
  version int not null default 1
);

-- The one that exists from the start, with the settings of before.
insert into programmes (merchant, name, currency, minor_digits, point_words, settings, version)
select 'Копилка', 'Копилка', 'RUB', 2, '{балл,балла,баллов}', settings, version from programme;
drop table programme;

-- While there is one programme, it need not be named. With a second one the default is null, so that `not null` refuses
-- a row that names none.
create function the_only_programme() returns int language sql stable as $$
  select min(id) from programmes having count(*) = 1
$$;

alter table stores
  add column programme_id int not null default 1 references programmes,
  drop constraint stores_name_key;
alter table stores
  alter column programme_id set default the_only_programme(),
  add unique (programme_id, name),
  add unique (programme_id, id);

alter table customers add column programme_id int not null default 1 references programmes;
alter table customers
  alter column programme_id set default the_only_programme(),
  add unique (programme_id, id);

alter table rule_books add column programme_id int not null default 1 references programmes;
alter table rule_books
  alter column programme_id drop default,
  drop constraint rule_books_pkey,
  add primary key (programme_id, version);
drop index rule_books_in_order;
create index rule_books_in_order on rule_books (programme_id, valid_from, version);

-- A row that ties a customer to a store has the programme of both, so that no row ties two programmes together.
alter table operations add column programme_id int not null default 1;
alter table operations
  alter column programme_id drop default,
  drop constraint operations_customer_id_fkey,
  add foreign key (programme_id, customer_id) references customers (programme_id, id),
  add foreign key (programme_id, store_id) references stores (programme_id, id);

alter table holds add column programme_id int not null default 1;
alter table holds
  alter column programme_id drop default,
  add foreign key (programme_id, customer_id) references customers (programme_id, id),
  add foreign key (programme_id, store_id) references stores (programme_id, id);

alter table store_customers add column programme_id int not null default 1;
alter table store_customers
  alter column programme_id drop default,
  drop constraint store_customers_customer_id_fkey,
  add foreign key (programme_id, customer_id) references customers (programme_id, id),
  add foreign key (programme_id, store_id) references stores (programme_id, id);
