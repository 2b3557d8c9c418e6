CREATE TABLE case_key (
    case_id UUID NOT NULL,
    wrapped BYTEA NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_case_key PRIMARY KEY (case_id)
);
CREATE TABLE case_record (
    case_id UUID NOT NULL,
    number TEXT NOT NULL,
    region TEXT NOT NULL,
    exercise BOOLEAN NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_case_record PRIMARY KEY (case_id),
    CONSTRAINT uq_case_record_number UNIQUE (number)
);
CREATE INDEX ix_case_record_region ON case_record (region);
CREATE TABLE command (
    command_id UUID NOT NULL,
    intent TEXT NOT NULL,
    actor JSONB NOT NULL,
    fingerprint BYTEA NOT NULL,
    status SMALLINT NOT NULL,
    answer JSONB NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_command PRIMARY KEY (command_id)
);
CREATE TABLE job_progress (
    job_id UUID NOT NULL,
    operation_id UUID NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    done FLOAT DEFAULT '0' NOT NULL,
    result JSONB,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_job_progress PRIMARY KEY (job_id)
);
CREATE INDEX ix_job_progress_operation_id ON job_progress (operation_id);
CREATE TABLE join_code (
    code TEXT NOT NULL,
    operation_id UUID NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_join_code PRIMARY KEY (code)
);
CREATE INDEX ix_join_code_operation_id ON join_code (operation_id);
CREATE TABLE last_position (
    operation_id UUID NOT NULL,
    participant_id UUID NOT NULL,
    team_id UUID,
    geom geometry(POINT,4326) NOT NULL,
    accuracy_m FLOAT,
    battery FLOAT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_last_position PRIMARY KEY (operation_id, participant_id)
);
CREATE TABLE number_counter (
    year INTEGER NOT NULL,
    region TEXT NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT pk_number_counter PRIMARY KEY (year, region)
);
CREATE TABLE organisation (
    organisation_id UUID NOT NULL,
    kind TEXT NOT NULL,
    name_ru TEXT NOT NULL,
    name_en TEXT NOT NULL,
    short_ru TEXT NOT NULL,
    short_en TEXT NOT NULL,
    duty_phone TEXT,
    region TEXT,
    CONSTRAINT pk_organisation PRIMARY KEY (organisation_id),
    CONSTRAINT ck_organisation_kind CHECK (kind in ('squad','police','emergency','region','partner'))
);
CREATE TABLE position (
    operation_id UUID NOT NULL,
    device_id UUID NOT NULL,
    dseq BIGINT NOT NULL,
    participant_id UUID NOT NULL,
    geom geometry(POINT,4326) NOT NULL,
    accuracy_m FLOAT,
    speed_mps FLOAT,
    bearing_deg FLOAT,
    battery FLOAT,
    flagged TEXT,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_position PRIMARY KEY (operation_id, device_id, dseq)
);
CREATE TABLE region (
    region TEXT NOT NULL,
    number TEXT NOT NULL,
    name_ru TEXT NOT NULL,
    name_en TEXT NOT NULL,
    CONSTRAINT pk_region PRIMARY KEY (region)
);
CREATE TABLE stored_geometry (
    sha256 BYTEA NOT NULL,
    geom geometry(GEOMETRY,4326) NOT NULL,
    body BYTEA NOT NULL,
    CONSTRAINT pk_stored_geometry PRIMARY KEY (sha256)
);
CREATE TABLE stream (
    stream_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    epoch UUID NOT NULL,
    home TEXT NOT NULL,
    key_id UUID,
    head BIGINT DEFAULT '0' NOT NULL,
    head_hash BYTEA NOT NULL,
    backed_up_seq BIGINT DEFAULT '0' NOT NULL,
    CONSTRAINT pk_stream PRIMARY KEY (stream_id),
    CONSTRAINT ck_stream_kind CHECK (kind in ('operation','case','organisation'))
);
CREATE TABLE account (
    account_id UUID NOT NULL,
    login TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    organisation_id UUID NOT NULL,
    disabled BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_account PRIMARY KEY (account_id),
    CONSTRAINT uq_account_login UNIQUE (login),
    CONSTRAINT fk_account_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (organisation_id)
);
CREATE TABLE entity (
    stream_id TEXT NOT NULL,
    collection TEXT NOT NULL,
    entity_id TEXT NOT NULL,
    body JSONB NOT NULL,
    CONSTRAINT pk_entity PRIMARY KEY (stream_id, collection, entity_id),
    CONSTRAINT fk_entity_stream_id FOREIGN KEY(stream_id) REFERENCES stream (stream_id)
);
CREATE TABLE event (
    stream_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    event_id UUID NOT NULL,
    v SMALLINT NOT NULL,
    kind TEXT NOT NULL,
    visibility TEXT NOT NULL,
    payload JSONB NOT NULL,
    sealed JSONB DEFAULT '{}' NOT NULL,
    actor JSONB NOT NULL,
    device_id UUID,
    dseq BIGINT,
    after UUID[] DEFAULT '{}' NOT NULL,
    base_version BIGINT,
    device_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    fingerprint BYTEA NOT NULL,
    prev_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (stream_id, seq),
    CONSTRAINT uq_event_stream_id_event_id UNIQUE (stream_id, event_id),
    CONSTRAINT fk_event_stream_id FOREIGN KEY(stream_id) REFERENCES stream (stream_id)
);
CREATE INDEX ix_event_stream_id_visibility_seq ON event (stream_id, visibility, seq);
CREATE TABLE geometry_reader (
    sha256 BYTEA NOT NULL,
    stream_id TEXT NOT NULL,
    visibility TEXT NOT NULL,
    CONSTRAINT pk_geometry_reader PRIMARY KEY (sha256, stream_id, visibility),
    CONSTRAINT fk_geometry_reader_sha256 FOREIGN KEY(sha256) REFERENCES stored_geometry (sha256)
);
CREATE TABLE operation_record (
    operation_id UUID NOT NULL,
    case_id UUID NOT NULL,
    number TEXT NOT NULL,
    region TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    exercise BOOLEAN NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_operation_record PRIMARY KEY (operation_id),
    CONSTRAINT fk_operation_record_case_id FOREIGN KEY(case_id) REFERENCES case_record (case_id),
    CONSTRAINT uq_operation_record_number UNIQUE (number)
);
CREATE INDEX ix_operation_record_case_id ON operation_record (case_id);
CREATE INDEX ix_operation_record_region ON operation_record (region);
CREATE TABLE quarantine (
    quarantine_id UUID NOT NULL,
    stream_id TEXT NOT NULL,
    event_id UUID NOT NULL,
    body JSONB NOT NULL,
    actor JSONB NOT NULL,
    fingerprint BYTEA NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_quarantine PRIMARY KEY (quarantine_id),
    CONSTRAINT uq_quarantine_stream_id_event_id_fingerprint UNIQUE (stream_id, event_id, fingerprint),
    CONSTRAINT fk_quarantine_stream_id FOREIGN KEY(stream_id) REFERENCES stream (stream_id)
);
CREATE TABLE request_party (
    operation_id UUID NOT NULL,
    request_id UUID NOT NULL,
    organisation_id UUID NOT NULL,
    CONSTRAINT pk_request_party PRIMARY KEY (operation_id, request_id, organisation_id),
    CONSTRAINT fk_request_party_organisation_id FOREIGN KEY(organisation_id) REFERENCES organisation (organisation_id)
);
CREATE TABLE waiting_event (
    stream_id TEXT NOT NULL,
    event_id UUID NOT NULL,
    body JSONB NOT NULL,
    missing UUID[] NOT NULL,
    actor JSONB NOT NULL,
    fingerprint BYTEA NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_waiting_event PRIMARY KEY (stream_id, event_id),
    CONSTRAINT fk_waiting_event_stream_id FOREIGN KEY(stream_id) REFERENCES stream (stream_id)
);
CREATE TABLE account_grant (
    grant_id UUID NOT NULL,
    account_id UUID NOT NULL,
    role TEXT NOT NULL,
    region TEXT,
    operation_id UUID,
    CONSTRAINT pk_account_grant PRIMARY KEY (grant_id),
    CONSTRAINT ck_account_grant_one_place CHECK (num_nonnulls(region, operation_id) = 1),
    CONSTRAINT fk_account_grant_account_id FOREIGN KEY(account_id) REFERENCES account (account_id)
);
CREATE INDEX ix_account_grant_account_id ON account_grant (account_id);
CREATE TABLE session (
    session_id UUID NOT NULL,
    token_hash BYTEA NOT NULL,
    account_id UUID,
    participant_id UUID,
    operation_id UUID,
    device_id UUID,
    name_mark TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_session PRIMARY KEY (session_id),
    CONSTRAINT ck_session_one_holder CHECK (num_nonnulls(account_id, participant_id) = 1),
    CONSTRAINT uq_session_token_hash UNIQUE (token_hash),
    CONSTRAINT fk_session_account_id FOREIGN KEY(account_id) REFERENCES account (account_id)
);
CREATE TABLE stream_ticket (
    ticket_hash BYTEA NOT NULL,
    session_id UUID NOT NULL,
    stream_id TEXT NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    spent_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_stream_ticket PRIMARY KEY (ticket_hash),
    CONSTRAINT fk_stream_ticket_session_id FOREIGN KEY(session_id) REFERENCES session (session_id)
);
