using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Sharing;

/// <summary>Who moves a share group, or has it forget, is in the log of changes; who only tried is not.</summary>
public class ShareAuditTests
{
    [Fact]
    public async Task Offsets_of_share_groups_that_are_moved_and_deleted_are_listed()
    {
        using var lines = new LogLines();
        await using var broker = await TestBroker.StartAsync(options => options with { Logs = lines });
        using var client = await broker.ConnectAsync();
        await client.CreateAsync("t");

        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await MoveAsync(client, "tried", "missing")).Responses[0].Partitions[0].ErrorCode);
        Assert.Equal(ErrorCode.None, (await MoveAsync(client, "g", "t")).Responses[0].Partitions[0].ErrorCode);
        Assert.EndsWith(" moved offsets of group g", (await lines.WaitForAsync("moved offsets")).TrimEnd(), StringComparison.Ordinal);

        Assert.NotEqual(ErrorCode.None, (await ForgetAsync(client, "g", "missing")).Responses[0].ErrorCode);
        Assert.DoesNotContain(lines.All, static line => line.Contains("deleted offsets", StringComparison.Ordinal));
        Assert.Equal(ErrorCode.None, (await ForgetAsync(client, "g", "t")).Responses[0].ErrorCode);
        Assert.EndsWith(" deleted offsets of group g", (await lines.WaitForAsync("deleted offsets")).TrimEnd(), StringComparison.Ordinal);
        Assert.DoesNotContain(lines.All, static line => line.Contains("tried", StringComparison.Ordinal));
    }

    private static async Task<AlterShareGroupOffsetsResponse> MoveAsync(Conversation client, string group, string topic)
    {
        while (true)
        {
            var request = new AlterShareGroupOffsetsRequest { GroupId = group, Topics = [new() { TopicName = topic, Partitions = [new() { PartitionIndex = 0, StartOffset = 0 }] }] };
            var moved = await client.AskAsync<AlterShareGroupOffsetsResponse>(ApiKey.AlterShareGroupOffsets, 0, request);
            if (moved.ErrorCode is not (ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress)) return moved;
            // Asking for the coordinator makes its topic.
            await client.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { CoordinatorKeys = [group] });
        }
    }

    private static Task<DeleteShareGroupOffsetsResponse> ForgetAsync(Conversation client, string group, string topic) =>
        client.AskAsync<DeleteShareGroupOffsetsResponse>(ApiKey.DeleteShareGroupOffsets, 0, new DeleteShareGroupOffsetsRequest { GroupId = group, Topics = [new() { TopicName = topic }] });
}
