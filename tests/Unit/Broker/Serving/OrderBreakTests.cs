using Moldau.Broker;
using Moldau.Broker.Requests;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Xunit;

namespace Moldau.Unit.Broker.Serving;

/// <summary>The break: a runtime that lets a later produce of a connection overtake an earlier one must be noticed.</summary>
public class OrderBreakTests
{
    private const int Count = 20;

    [Fact]
    public async Task Produces_that_are_swapped_are_noticed() => Assert.False(await IsInOrderAsync(static handler => new Swapping(handler)));

    [Fact]
    public async Task Produces_that_are_not_are_not_accused() => Assert.True(await IsInOrderAsync(static handler => handler));

    private static async Task<bool> IsInOrderAsync(Func<RequestHandler, RequestHandler> wrap)
    {
        await using var broker = await TestBroker.StartAsync(options => options with { Wrap = (row, handler) => row == ApiKey.Produce ? wrap(handler) : handler });
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");
        for (var i = 0; i < Count; i++) await client.SendAsync(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch($"{i}")));
        for (var i = 0; i < Count; i++) Assert.Equal(ErrorCode.None, (await client.ReceiveAsync<ProduceResponse>(ApiKey.Produce, 9)).Responses[0].PartitionResponses[0].ErrorCode);
        var values = await ConnectionTests.ValuesAsync(client, "t");
        return values.SequenceEqual(Enumerable.Range(0, Count).Select(i => $"{i}"));
    }

    /// <summary>Holds every other request back until the one behind it has begun.</summary>
    private sealed class Swapping(RequestHandler inner) : RequestHandler
    {
        private Exchange? _held;
        private byte[]? _records;

        public override void Start(Exchange exchange)
        {
            if (_held is null)
            {
                _held = exchange;
                var partition = ((ProduceRequest)exchange.Request).TopicData[0].PartitionData[0];
                // Its frame is the next one's too.
                _records = partition.Records.Bytes.ToArray();
                partition.Records = Moldau.Protocol.Primitives.RecordData.Of(_records);
                return;
            }

            inner.Start(exchange);
            inner.Start(_held);
            _held = null;
        }

        public override void Refuse(Exchange exchange, ErrorCode error, string? message) => inner.Refuse(exchange, error, message);
    }
}
