using Moldau.Client;
using Moldau.Client.Producing;
using Moldau.Client.Producing.Transactions;
using Moldau.Protocol.Errors;
using Xunit;

namespace Moldau.Unit.Client.Producing.Transactions;

public class TransactionStatesTests
{
    private static readonly TopicPartition Where = new("t", 0);

    [Fact]
    public void A_partition_is_added_before_it_is_written_to_unless_brokers_do_it()
    {
        var states = Open();

        Assert.False(states.MaySend(Where));
        Assert.Equal([Where], states.Wanted);
        states.MarkAdded([Where]);
        Assert.True(states.MaySend(Where));

        states = Open(addsByItself: true);
        Assert.False(states.IsBegun);
        Assert.True(states.MaySend(Where));
        Assert.True(states.IsBegun);
    }

    [Fact]
    public void Nothing_is_written_outside_a_transaction_and_two_are_not_open_at_once()
    {
        var states = new TransactionStates("id");
        states.Identify();

        Assert.Throws<InvalidOperationException>(states.CheckOpen);
        states.Begin();
        states.CheckOpen();
        Assert.Throws<InvalidOperationException>(states.Begin);
        states.BeginEnd(commits: true);
        Assert.Throws<InvalidOperationException>(states.CheckOpen);
        states.End(needsIdentity: false);
        states.Begin();
    }

    [Fact]
    public void What_is_lost_leaves_only_the_abort()
    {
        var states = Open();
        states.Fail(new KafkaException(ErrorCode.MessageTooLarge, "too large"), byCoordinator: false);

        Assert.Equal(TransactionPhase.AbortOnly, states.Phase);
        Assert.Equal(ErrorCode.MessageTooLarge, Assert.Throws<KafkaException>(states.CheckOpen).Code);
        Assert.Throws<KafkaException>(() => states.BeginEnd(commits: true));
        states.BeginEnd(commits: false);
        states.End(needsIdentity: true);
        Assert.Equal(TransactionPhase.Unknown, states.Phase);
    }

    [Theory]
    [InlineData(ErrorCode.ProducerFenced, false, true)]
    [InlineData(ErrorCode.InvalidProducerEpoch, true, true)]
    [InlineData(ErrorCode.InvalidProducerEpoch, false, false)]
    [InlineData(ErrorCode.TransactionAbortable, true, false)]
    [InlineData(ErrorCode.TransactionalIdAuthorizationFailed, true, true)]
    [InlineData(ErrorCode.GroupAuthorizationFailed, true, false)]
    [InlineData(ErrorCode.InvalidTxnState, true, true)]
    public void Some_errors_end_the_producer(ErrorCode code, bool byCoordinator, bool isFatal)
    {
        var states = Open();
        states.Fail(new KafkaException(code, "refused"), byCoordinator);

        Assert.Equal(isFatal ? TransactionPhase.Fatal : TransactionPhase.AbortOnly, states.Phase);
        if (!isFatal) return;
        Assert.Throws(TransactionStates.IsFence(code) ? typeof(ProducerFencedException) : typeof(KafkaException), () => states.BeginEnd(commits: false));
        states.Doubt();
        Assert.Equal(TransactionPhase.Fatal, states.Phase);
    }

    private static TransactionStates Open(bool addsByItself = false)
    {
        var states = new TransactionStates("id") { AddsByItself = addsByItself };
        states.Identify();
        states.Begin();
        return states;
    }
}
