using Moldau.Client;
using Moldau.Client.Producing;
using Xunit;

namespace Moldau.Unit.Client.Producing;

public class AckReleaseTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Timeout = 60_000)]
    public async Task All_who_wait_for_a_batch_are_told_the_first_first()
    {
        var broker = new LogBroker();
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(new ProducerOptions { Linger = TimeSpan.FromHours(1) });

        var sends = new List<Task<RecordAck>>();
        for (var i = 0; i < 1000; i++) sends.Add(producer.SendAsync("t", new OutgoingRecord { Value = new byte[1] }, CancellationToken.None).AsTask());
        await producer.FlushAsync(Token);
        var acks = await Task.WhenAll(sends);

        Assert.Equal(Enumerable.Range(0, 1000).Select(static i => (long)i), acks.Select(static ack => ack.Offset));
    }

    /// <summary>Where the first one told holds up those behind it, whom it waits for, nobody is ever told.</summary>
    [Fact(Timeout = 60_000)]
    public async Task One_who_blocks_until_others_of_its_batch_are_told_holds_up_none()
    {
        var broker = new LogBroker();
        await using var client = new KafkaClient(broker.Options());
        await using var producer = client.CreateProducer(new ProducerOptions { Linger = TimeSpan.FromHours(1) });
        using var last = new ManualResetEventSlim();

        var blocked = BlockAsync(producer.SendAsync("t", new OutgoingRecord { Value = new byte[1] }, CancellationToken.None), last);
        var others = new List<Task>();
        for (var i = 0; i < 300; i++) others.Add(producer.SendAsync("t", new OutgoingRecord { Value = new byte[1] }, CancellationToken.None).AsTask());
        var end = SetAsync(producer.SendAsync("t", new OutgoingRecord { Value = new byte[1] }, CancellationToken.None), last);
        await producer.FlushAsync(Token);

        await blocked;
        await end;
        await Task.WhenAll(others);
    }

    private static async Task BlockAsync(ValueTask<RecordAck> send, ManualResetEventSlim until)
    {
        await send.ConfigureAwait(false);
        until.Wait(Token);
    }

    private static async Task SetAsync(ValueTask<RecordAck> send, ManualResetEventSlim set)
    {
        await send.ConfigureAwait(false);
        set.Set();
    }
}
