using Moldau.Protocol.Records;
using Moldau.Storage.Compaction;
using Moldau.Storage.Indexes;
using Xunit;

namespace Moldau.Unit.Storage.Compaction;

/// <summary>What becomes of transactions: what was aborted goes at once, markers when nothing needs them.</summary>
public class TransactionRuleTests
{
    private const long Past = FilteredLog.Now + FilteredLog.DeleteRetention;

    [Fact]
    public void Records_of_an_aborted_transaction_go_and_supersede_nothing()
    {
        var log = new FilteredLog(
            SampleBatch.Data(0, "a=1 b=1"), SampleBatch.Data(2, "a=2", producer: 7, transactional: true), SampleBatch.Data(3, "b=", producer: 7, sequence: 1, transactional: true),
            SampleBatch.Marker(4, 7, commits: false))
        {
            Aborted = [new AbortedTransaction(7, 2, 4, 5)],
        };

        // The marker stays, and the index that names the transaction, as long as a batch of it was there.
        Assert.Equal("0-1: 0@0 a=1 1@1 b=1; 4-4 p7/-1t: marker", log.Pass());
        Assert.Equal(1, log.Kept.Count);
        Assert.Equal($"0-1: 0@0 a=1 1@1 b=1; 4-4 p7/-1t h{Past}: marker", log.Pass());
        Assert.Equal(0, log.Kept.Count);
        Assert.Equal($"0-1: 0@0 a=1 1@1 b=1; 4-4 p7/-1t h{Past}: marker", log.Pass(Past - 1));
        Assert.Equal("0-1: 0@0 a=1 1@1 b=1", log.Pass(Past));
    }

    [Fact]
    public void A_commit_stays_as_long_as_anything_of_its_transaction_and_its_time_behind_that()
    {
        var log = new FilteredLog(
            SampleBatch.Data(0, "a=1 b=1", producer: 7, transactional: true), SampleBatch.Marker(2, 7, commits: true), SampleBatch.Data(3, "a=2"), SampleBatch.Data(4, "c=1"));

        Assert.Equal("0-1 p7/0t: 1@1 b=1; 2-2 p7/-1t: marker; 3-3: 3@3 a=2; 4-4: 4@4 c=1", log.Pass());
        Assert.Equal("0-1 p7/0t: 1@1 b=1; 2-2 p7/-1t: marker; 3-3: 3@3 a=2; 4-4: 4@4 c=1", log.Pass(Past * 2));
    }

    [Fact]
    public void A_commit_whose_records_are_superseded_goes_two_passes_later()
    {
        var log = new FilteredLog(
            SampleBatch.Data(0, "a=1", producer: 7, transactional: true), SampleBatch.Marker(1, 7, commits: true), SampleBatch.Data(2, "a=2"));

        Assert.Equal("1-1 p7/-1t: marker; 2-2: 2@2 a=2", log.Pass());
        Assert.Equal($"1-1 p7/-1t h{Past}: marker; 2-2: 2@2 a=2", log.Pass());
        Assert.Equal("2-2: 2@2 a=2", log.Pass(Past));
    }

    [Fact]
    public void Transactions_of_one_producer_are_told_apart()
    {
        var log = new FilteredLog(
            SampleBatch.Data(0, "a=1", producer: 7, transactional: true), SampleBatch.Marker(1, 7, commits: true),
            SampleBatch.Data(2, "a=2 b=2", producer: 7, sequence: 1, transactional: true), SampleBatch.Marker(4, 7, commits: false),
            SampleBatch.Data(5, "b=3", producer: 7, sequence: 3, transactional: true), SampleBatch.Marker(6, 7, commits: true))
        {
            Aborted = [new AbortedTransaction(7, 2, 4, 5), new AbortedTransaction(7, 2, 4, 5)],
        };

        Assert.Equal("0-0 p7/0t: 0@0 a=1; 1-1 p7/-1t: marker; 4-4 p7/-1t: marker; 5-5 p7/3t: 5@5 b=3; 6-6 p7/-1t: marker", log.Pass());
    }

    [Fact]
    public void A_marker_stays_while_an_empty_batch_of_its_transaction_keeps_the_producers_sequence()
    {
        var log = new FilteredLog(SampleBatch.Data(0, "a=1", producer: 7, sequence: 3, transactional: true), SampleBatch.Marker(1, 7, commits: false))
        {
            Aborted = [new AbortedTransaction(7, 0, 1, 2)],
            Producers = { [7] = new ProducerEnd(0, 0) },
        };
        Assert.Equal("0-0 p7/3t empty; 1-1 p7/-1t: marker", log.Pass());
        Assert.Equal("0-0 p7/3t empty; 1-1 p7/-1t: marker", log.Pass(Past * 2));
        // Also where the index of aborted transactions was lost: an empty batch was in nobody's way.
        log.Aborted = [];
        Assert.Equal("0-0 p7/3t empty; 1-1 p7/-1t: marker", log.Pass(Past * 3));

        log.Producers[7] = new ProducerEnd(90, 0);
        Assert.Equal("1-1 p7/-1t: marker", log.Pass(Past * 3));
    }

    [Fact]
    public void The_marker_of_a_producer_that_has_written_nothing_else_stays_empty()
    {
        var log = new FilteredLog(SampleBatch.Marker(0, 7, commits: true, epoch: 2), SampleBatch.Data(1, "a=1"))
        {
            Producers = { [7] = new ProducerEnd(-1, 2) },
        };

        Assert.Equal($"0-0 p7/-1t h{Past}: marker; 1-1: 1@1 a=1", log.Pass());
        Assert.Equal("0-0 p7/-1t empty; 1-1: 1@1 a=1", log.Pass(Past));
        Assert.Equal("0-0 p7/-1t empty; 1-1: 1@1 a=1", log.Pass(Past));
        log.Producers[7] = new ProducerEnd(-1, 3);
        Assert.Equal("1-1: 1@1 a=1", log.Pass(Past));
    }

    [Fact]
    public void An_abort_whose_transaction_no_index_names_ends_the_pass()
    {
        var log = new FilteredLog(SampleBatch.Data(0, "a=1", producer: 7, transactional: true), SampleBatch.Marker(1, 7, commits: false));

        var refused = Assert.Throws<InvalidBatchException>(() => log.Pass());

        Assert.Equal("record batch: the abort of producer 7 at offset 1, whose transaction is in no index of aborted ones", refused.Message);
    }

    [Fact]
    public void What_of_an_aborted_transaction_lies_below_the_logs_start_needs_no_index()
    {
        var log = new FilteredLog(SampleBatch.Data(0, "a=1", producer: 7, transactional: true), SampleBatch.Data(1, "b=1"), SampleBatch.Marker(2, 7, commits: false)) { Start = 1 };

        Assert.Equal("0-0 p7/0t: 0@0 a=1; 1-1: 1@1 b=1; 2-2 p7/-1t: marker", log.Pass());
    }

    [Fact]
    public void A_transaction_that_began_below_what_is_dirty_is_known_by_its_marker()
    {
        var log = new FilteredLog(
            SampleBatch.Data(0, "a=1", producer: 7, transactional: true), SampleBatch.Data(1, "a=0"),
            SampleBatch.Data(2, "b=1", producer: 7, sequence: 1, transactional: true), SampleBatch.Marker(3, 7, commits: false))
        {
            Aborted = [new AbortedTransaction(7, 0, 3, 4)],
        };

        Assert.Equal("1-1: 1@1 a=0; 3-3 p7/-1t: marker", log.Pass(dirtyFrom: 2));
    }
}
