-- The versions of the kiosk that registers are offered. A row is written when its files are whole, and last.

create table releases (
  version text primary key check (version <> ''),
  released_at timestamptz,
  published_at timestamptz not null
);

-- A name belongs to one release for ever: what a register has begun to download is never another file.
create table release_files (
  name text primary key check (name ~ '^[\w .()+-]+$'),
  version text not null references releases,
  kind text not null check (kind in ('installer', 'blockmap')),
  size_bytes bigint not null check (size_bytes > 0),
  sha512 bytea not null check (length(sha512) = 64)
);
create unique index release_files_of_version on release_files (version, kind);

-- Where a release is handed out, and to how many of the registers.
create table release_channels (
  channel text not null check (channel in ('stable', 'beta')),
  version text not null references releases,
  percent int not null check (percent between 0 and 100),
  published_at timestamptz not null,
  pulled_at timestamptz,
  primary key (channel, version)
);
