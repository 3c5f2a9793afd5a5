package dev.kindstead.transaction;

import dev.kindstead.model.Bytes;

/** A transaction's opaque name on the wire. Layout: docs/formats/transaction-ids.md. */
public record TransactionId(Bytes bytes) {}
