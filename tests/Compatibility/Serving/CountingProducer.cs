using System.Net;
using Moldau.Compatibility.Wire;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;

namespace Moldau.Compatibility.Serving;

/// <summary>
/// An idempotent producer that counts: it sends each batch until it is acknowledged, whatever happens to the broker
/// meanwhile, and remembers how far it has come.
/// </summary>
/// <param name="topic">Where to.</param>
/// <param name="partition">Where to.</param>
/// <param name="filling">How many bytes a record has behind its number, so that segments get full.</param>
internal sealed class CountingProducer(string topic, int partition, int filling = 0)
{
    private const int MostRecords = 20;

    private readonly byte[] _value = new byte[sizeof(int) + filling];
    private long _producerId = -1;
    private int _sequence;
    private int _pending;

    public int Partition { get; } = partition;

    /// <summary>Values below were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Produces until the broker is gone.</summary>
    public async Task RunAsync(IPEndPoint address, Random chance)
    {
        try
        {
            using var client = await WireClient.ConnectAsync(address.Address.ToString(), address.Port);
            if (_producerId < 0)
            {
                var given = await client.AskAsync<InitProducerIdResponse>(ApiKey.InitProducerId, 4, new InitProducerIdRequest { TransactionalId = null });
                if (given.ErrorCode != ErrorCode.None) throw new InvalidDataException($"no producer id: {given.ErrorCode}");
                _producerId = given.ProducerId;
            }

            while (true)
            {
                // One whose answer never came is sent again exactly as it was.
                if (_pending == 0) _pending = chance.Next(1, MostRecords);
                var answer = (await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Request())).Responses[0].PartitionResponses[0];
                if (answer.ErrorCode != ErrorCode.None) throw new InvalidDataException($"{topic}-{Partition}: {answer.ErrorCode}, {answer.ErrorMessage}");
                Acknowledged += _pending;
                _sequence += _pending;
                _pending = 0;
            }
        }
        catch (Exception gone) when (gone is IOException or System.Net.Sockets.SocketException or InvalidDataException { InnerException: EndOfStreamException })
        {
            // Killed.
        }
    }

    private ProduceRequest Request()
    {
        using var builder = new RecordBatchBuilder();
        for (var i = 0; i < _pending; i++)
        {
            BitConverter.TryWriteBytes(_value, Acknowledged + i);
            builder.Append(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), OptionalBytes.Null, _value);
        }

        var batch = builder.Finish(new BatchOptions { Producer = new ProducerIdentity(_producerId, 0, _sequence) }).ToArray();
        return new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 30_000,
            TopicData = [new ProduceRequest.Topic { Name = topic, PartitionData = [new ProduceRequest.Partition { Index = Partition, Records = RecordData.Of(batch) }] }],
        };
    }
}
