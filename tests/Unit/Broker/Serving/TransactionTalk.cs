using System.Text;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Protocol.Records;
using Xunit;

namespace Moldau.Unit.Broker.Serving;

/// <summary>A transactional producer's side, request by request.</summary>
internal static class TransactionTalk
{
    /// <summary>A producer that may begin; the end of its last transaction is waited for.</summary>
    public static async Task<(long Id, short Epoch)> StartAsync(Conversation client, string id)
    {
        while (true)
        {
            await client.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { KeyType = 1, CoordinatorKeys = [id] });
            var started = await client.AskAsync<InitProducerIdResponse>(ApiKey.InitProducerId, 5, new InitProducerIdRequest { TransactionalId = id, TransactionTimeoutMs = 60_000 });
            if (started.ErrorCode == ErrorCode.None) return (started.ProducerId, started.ProducerEpoch);
            Assert.Equal(ErrorCode.ConcurrentTransactions, started.ErrorCode);
        }
    }

    /// <summary>One record for a topic's first partition.</summary>
    public static ProduceRequest Put(string topic, string transaction, (long Id, short Epoch) producer, int sequence, string value)
    {
        using var builder = new RecordBatchBuilder(CompressionType.None);
        builder.Append(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), OptionalBytes.Null, Encoding.UTF8.GetBytes(value));
        var batch = builder.Finish(new BatchOptions { IsTransactional = true, Producer = new ProducerIdentity(producer.Id, producer.Epoch, sequence) }).ToArray();
        var request = Conversation.Produce(topic, batch);
        request.TransactionalId = transaction;
        return request;
    }

    public static async Task<ErrorCode> PutAsync(Conversation client, short version, string topic, string transaction, (long Id, short Epoch) producer, int sequence, string value) =>
        (await client.AskAsync<ProduceResponse>(ApiKey.Produce, version, Put(topic, transaction, producer, sequence, value))).Responses[0].PartitionResponses[0].ErrorCode;
}
