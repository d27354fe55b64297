using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Moldau.Unit.Broker.Timing;
using Xunit;

namespace Moldau.Unit.Broker.Quotas;

/// <summary>A producer and a consumer of one megabyte a second, on a clock that is moved to whoever may go on next.</summary>
public class ByteRateTests
{
    private const double Megabyte = 1_000_000;
    private const int BatchBytes = 50_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_limit_holds_over_half_a_minute_beside_a_client_without_one_and_is_followed_when_it_changes(bool isNative)
    {
        var clock = new TimerClock();
        await using var broker = await TestBroker.StartAsync(options => options with { Clock = clock, UsesNativeSockets = isNative });
        using var free = await broker.ConnectAsync("free");
        await free.CreateAsync("read");
        var batch = Conversation.Batch(new string('x', BatchBytes));
        for (var i = 0; i < 60; i++) await free.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("read", batch));
        await free.CreateAsync("written");

        using var writing = await broker.ConnectAsync("limited");
        using var reading = await broker.ConnectAsync("limited");
        var clients = new LimitedClients(clock, writing, reading, free, batch);
        await free.LimitAsync("client-id", "limited", ("producer_byte_rate", Megabyte), ("consumer_byte_rate", Megabyte));
        var (written, read) = await clients.RunAsync(30_000);
        Assert.InRange(written / 30, 0.95 * Megabyte, 1.05 * Megabyte);
        Assert.InRange(read / 30, 0.95 * Megabyte, 1.05 * Megabyte);

        foreach (var factor in (double[])[2, 0.5])
        {
            await free.LimitAsync("client-id", "limited", ("producer_byte_rate", factor * Megabyte), ("consumer_byte_rate", factor * Megabyte));
            await clients.RunAsync(2_000);
            (written, read) = await clients.RunAsync(10_000);
            Assert.InRange(written / 10, 0.95 * factor * Megabyte, 1.05 * factor * Megabyte);
            Assert.InRange(read / 10, 0.95 * factor * Megabyte, 1.05 * factor * Megabyte);
        }

        await free.LimitAsync("client-id", "limited", ("producer_byte_rate", null), ("consumer_byte_rate", null));
        await clients.RunAsync(2_000);
        Assert.Equal(0, (await writing.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("written", batch))).ThrottleTimeMs);
    }

    [Fact]
    public async Task A_batch_larger_than_can_be_saved_up_arrives_all_the_same()
    {
        var clock = new TimerClock();
        await using var broker = await TestBroker.StartAsync(options => options with { Clock = clock });
        using var client = await broker.ConnectAsync("limited");
        await client.CreateAsync("t");
        await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch(new string('x', BatchBytes))));
        await client.LimitAsync("client-id", null, ("consumer_byte_rate", 10_000));
        for (var i = 0; i < 3; i++)
        {
            var fetched = await client.AskAsync<FetchResponse>(ApiKey.Fetch, 11, Conversation.Fetch("t", 0));
            Assert.InRange(fetched.Responses[0].Partitions[0].Records.Length, BatchBytes, BatchBytes + 200);
            Assert.InRange(fetched.ThrottleTimeMs, 4_000, 4_100);
            // The debt, and the second that must be saved up again.
            clock.Move(fetched.ThrottleTimeMs + 1_001);
        }
    }

    /// <summary>Each goes on when its time is over; the one without a limit asks at every step, and is never told to wait.</summary>
    private sealed class LimitedClients(TimerClock clock, Conversation writing, Conversation reading, Conversation free, byte[] batch)
    {
        private long _now;
        private long _writesAt;
        private long _readsAt;
        private long _offset;

        public async Task<(double Written, double Read)> RunAsync(int milliseconds)
        {
            var (end, written, read) = (_now + milliseconds, 0.0, 0.0);
            while (true)
            {
                var next = Math.Min(_writesAt, _readsAt);
                MoveTo(Math.Min(next, end));
                if (next >= end) return (written, read);
                var unlimited = await free.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("read", Conversation.Batch("small")));
                Assert.Equal(0, unlimited.ThrottleTimeMs);
                if (_writesAt <= _readsAt) written += await WriteAsync();
                else read += await ReadAsync();
            }
        }

        private void MoveTo(long time)
        {
            if (time > _now) clock.Move((int)(time - _now));
            _now = Math.Max(_now, time);
        }

        /// <summary>A timer that was set while the clock moved comes a little later than it was meant to.</summary>
        private async Task<T> MovingAsync<T>(Task<T> answer)
        {
            while (await Task.WhenAny(answer, Task.Delay(20, TestContext.Current.CancellationToken)) != answer) MoveTo(_now + 1);
            return await answer;
        }

        private async Task<double> WriteAsync()
        {
            var frame = writing.Frame(ApiKey.Produce, 9, Conversation.Produce("written", batch));
            await writing.SendRawAsync(frame);
            var answer = await MovingAsync(writing.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9));
            Assert.Equal(ErrorCode.None, answer.Responses[0].PartitionResponses[0].ErrorCode);
            _writesAt = Math.Max(_now + 1, _now + answer.ThrottleTimeMs + 1);
            return frame.Length;
        }

        private async Task<double> ReadAsync()
        {
            var answer = await MovingAsync(reading.AskAsync<FetchResponse>(ApiKey.Fetch, 11, Conversation.Fetch("read", _offset)));
            _readsAt = Math.Max(_now + 1, _now + answer.ThrottleTimeMs + 1);
            if (answer.Responses.Count == 0) return 0;
            var partition = answer.Responses[0].Partitions[0];
            var bytes = partition.Records.Length;
            Assert.True(bytes > 0);
            _offset = (_offset + (bytes / BatchBytes)) % 50;
            return bytes;
        }
    }
}
