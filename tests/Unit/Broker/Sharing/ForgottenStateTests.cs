using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Unit.Broker.Serving;
using Xunit;

namespace Moldau.Unit.Broker.Sharing;

/// <summary>A group is sent elsewhere while its leader has dead letters that cannot be copied: what was known before does not count any more.</summary>
public sealed class ForgottenStateTests : IDisposable
{
    private readonly LogLines _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Who_comes_back_is_given_what_the_group_was_sent_back_to()
    {
        await using var talk = await StuckAsync();
        await SetAnewAsync(talk);
        using var member = await talk.JoinAsync("two");

        var patience = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            var fetched = await member.FetchAsync(wait: 1000);
            Assert.Equal(ErrorCode.None, fetched.ErrorCode);
            var partition = fetched.Responses.SelectMany(static topic => topic.Partitions).FirstOrDefault();
            if (partition is { AcquiredRecords.Count: > 0 })
            {
                Assert.Equal("0-1x1", ShareMember.Text(partition));
                return;
            }

            // The leader finds out that it knows nothing any more, and whoever asks at that moment is told.
            Assert.Contains(partition?.ErrorCode ?? ErrorCode.None, (ErrorCode[])[ErrorCode.None, ErrorCode.NotLeaderOrFollower]);
            Assert.True(DateTime.UtcNow < patience, "nothing is given in 30 s");
        }
    }

    /// <summary>Both records were rejected, and there is no topic for them; nobody is there any more.</summary>
    private async Task<QueueTalk> StuckAsync()
    {
        var talk = await QueueTalk.StartAsync(log: _log);
        await talk.MakeAsync();
        await talk.SetAsync(("errors.deadletterqueue.topic.name", "dlq.t"));
        await talk.ProduceAsync("ab");
        using (var member = await talk.JoinAsync("one"))
        {
            Assert.Equal("0-1x1", ShareMember.Text(await member.TakeAsync()));
            Assert.Equal(ErrorCode.None, (await member.AcknowledgeAsync(said: [(0, 1, [3])])).ErrorCode);
            member.Epoch = -1;
            Assert.Equal(ErrorCode.None, (await member.FetchAsync()).ErrorCode);
        }

        await QueueTalk.Eventually(() => _log.All.Any(static line => line.Contains("could not be copied into dlq.t", StringComparison.Ordinal)), "a line");
        return talk;
    }

    private static async Task SetAnewAsync(QueueTalk talk)
    {
        var request = new InitializeShareGroupStateRequest { GroupId = ShareMember.Group, Topics = [new() { TopicId = talk.Topic, Partitions = [new() { Partition = 0, StateEpoch = 2, StartOffset = 0 }] }] };
        var response = Assert.IsType<InitializeShareGroupStateResponse>(await talk.Broker.Server.Coordinators!.Peers.AskAsync(request));
        Assert.Equal(ErrorCode.None, response.Results[0].Partitions[0].ErrorCode);
    }
}
