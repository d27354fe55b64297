using Xunit;

namespace Moldau.Compatibility.Serving;

/// <summary>Counting producers at work on one broker, until it is gone.</summary>
internal sealed class CountingLoad
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly List<CountingProducer> _producers;
    private readonly List<Task> _running;
    private readonly int _before;

    public CountingLoad(List<CountingProducer> producers, BrokerProcess broker, Random chance)
    {
        _producers = producers;
        _before = producers.Sum(static producer => producer.Acknowledged);
        _running = producers.Select(producer => producer.RunAsync(broker.Address, new Random(chance.Next()))).ToList();
    }

    /// <summary>A producer that ends before the broker is killed has failed, and says how.</summary>
    public async Task FirstAcknowledgementAsync()
    {
        var firstEnd = Task.WhenAny(_running);
        using var patience = new CancellationTokenSource(Deadline);
        while (_producers.Sum(static producer => producer.Acknowledged) == _before)
        {
            if (firstEnd.IsCompleted)
            {
                await await firstEnd;
                Assert.Fail($"{TestSeed.Text}: a producer ended while the broker ran");
            }

            Assert.False(patience.IsCancellationRequested, $"{TestSeed.Text}: waited {Deadline.TotalSeconds} s for the first acknowledgement behind {_before} records");
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
    }

    public Task EndAsync() => Task.WhenAll(_running).WaitAsync(Deadline, TestContext.Current.CancellationToken);
}
