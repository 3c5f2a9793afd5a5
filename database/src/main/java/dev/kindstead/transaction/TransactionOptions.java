package dev.kindstead.transaction;

import org.jspecify.annotations.Nullable;

/** The API's TransactionOptions. */
public sealed interface TransactionOptions {
  /**
   * @param previous the transaction this one retries, null for none: it inherits the age
   */
  record ReadWrite(@Nullable TransactionId previous) implements TransactionOptions {}

  /**
   * @param readTime microseconds; null reads at the time of the begin
   */
  record ReadOnly(@Nullable Long readTime) implements TransactionOptions {}
}
