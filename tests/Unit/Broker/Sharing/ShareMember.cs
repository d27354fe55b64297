using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Sharing;

/// <summary>A member of a share group, as its leaders see it: a connection, and a session with its epochs.</summary>
internal sealed class ShareMember(Conversation client, string name, Uuid topic) : IDisposable
{
    public const string Group = "g";

    public int Epoch { get; set; }

    /// <summary>Fetches from partition 0, or from those that are named with the first fetch.</summary>
    public async Task<ShareFetchResponse> FetchAsync(int max = 500, int wait = 0, int[]? partitions = null, int batchSize = 500, bool strict = false, int minBytes = 1, params (long First, long Last, sbyte[] Types)[] said)
    {
        await SendFetchAsync(max, wait, partitions, batchSize, strict, minBytes, said);
        return await ReceiveAsync();
    }

    public Task SendFetchAsync(int max = 500, int wait = 0, int[]? partitions = null, int batchSize = 500, bool strict = false, int minBytes = 1, params (long First, long Last, sbyte[] Types)[] said)
    {
        var request = new ShareFetchRequest
        {
            GroupId = Group, MemberId = name, ShareSessionEpoch = Epoch, MaxWaitMs = wait, MinBytes = minBytes, MaxBytes = 1 << 20, MaxRecords = max, BatchSize = batchSize, ShareAcquireMode = (sbyte)(strict ? 1 : 0),
        };
        if (Epoch == 0 || said.Length > 0)
        {
            var asked = new ShareFetchRequest.Topic { TopicId = topic };
            foreach (var number in partitions ?? [0])
            {
                var row = new ShareFetchRequest.Partition { PartitionIndex = number };
                foreach (var (first, last, types) in said) row.AcknowledgementBatches.Add(new() { FirstOffset = first, LastOffset = last, AcknowledgeTypes = [.. types] });
                asked.Partitions.Add(row);
            }

            request.Topics.Add(asked);
        }

        return client.SendAsync(ApiKey.ShareFetch, 2, request);
    }

    public async Task<ShareFetchResponse> ReceiveAsync()
    {
        var response = await client.ReceiveAsync<ShareFetchResponse>(ApiKey.ShareFetch, 2);
        if (response.ErrorCode == ErrorCode.None) Epoch = Epoch < 0 ? 0 : Epoch + 1;
        return response;
    }

    /// <summary>Fetches until records come; what else comes is no error.</summary>
    public async Task<ShareFetchResponse.Partition> TakeAsync(int max = 500, bool strict = false, int batchSize = 500)
    {
        var response = await FetchAsync(max, wait: 30_000, strict: strict, batchSize: batchSize);
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        var partition = Assert.Single(Assert.Single(response.Responses).Partitions);
        Assert.Equal((ErrorCode.None, null), (partition.ErrorCode, partition.ErrorMessage));
        return partition;
    }

    public async Task<ShareAcknowledgeResponse> AcknowledgeAsync(bool renews = false, int partition = 0, params (long First, long Last, sbyte[] Types)[] said)
    {
        var request = new ShareAcknowledgeRequest { GroupId = Group, MemberId = name, ShareSessionEpoch = Epoch, IsRenewAck = renews };
        if (said.Length > 0)
        {
            var row = new ShareAcknowledgeRequest.Partition { PartitionIndex = partition };
            foreach (var (first, last, types) in said) row.AcknowledgementBatches.Add(new() { FirstOffset = first, LastOffset = last, AcknowledgeTypes = [.. types] });
            request.Topics.Add(new ShareAcknowledgeRequest.Topic { TopicId = topic, Partitions = [row] });
        }

        var response = await client.AskAsync<ShareAcknowledgeResponse>(ApiKey.ShareAcknowledge, 2, request);
        if (response.ErrorCode == ErrorCode.None) Epoch = Epoch < 0 ? 0 : Epoch + 1;
        return response;
    }

    public static string Text(ShareFetchResponse.Partition partition) => string.Join(' ', partition.AcquiredRecords.Select(static range => $"{range.FirstOffset}-{range.LastOffset}x{range.DeliveryCount}"));

    public void Dispose() => client.Dispose();
}
