package dev.kindstead.service;

import dev.kindstead.query.Query;
import dev.kindstead.query.QueryBatch;
import dev.kindstead.transaction.ReadMode;
import dev.kindstead.transaction.TransactionId;
import dev.kindstead.transaction.Transactions;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs a structured query and answers one batch of its results. */
public final class RunQuery {
  private final Transactions transactions;

  public RunQuery(Transactions transactions) {
    this.transactions = transactions;
  }

  public CompletableFuture<Response> run(ReadMode mode, Query query) {
    throw new UnsupportedOperationException(transactions.toString());
  }

  /** One batch. */
  public record Response(QueryBatch batch, @Nullable TransactionId newTransaction) {}
}
