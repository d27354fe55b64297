using Moldau.Client;
using Moldau.Client.Fetching;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;
using Xunit;

namespace Moldau.Unit.Client.Fetching;

public class FetchSessionTests
{
    private const short ByName = 12;
    private const short ById = 17;

    private readonly FetchSession _session = new();
    private readonly FetchRequest _request = new() { Topics = [] };

    [Fact]
    public void The_first_request_names_everything_and_those_behind_it_what_changed()
    {
        Assert.Equal("0/0 a0@5 a1@7 b0@1", Fill(ById, Target("a", 0, 5), Target("a", 1, 7), Target("b", 0, 1)));
        Assert.True(_session.Take(new FetchResponse { SessionId = 9 }));
        Assert.Equal("9/1 a1@8", Fill(ById, Target("a", 0, 5), Target("a", 1, 8), Target("b", 0, 1)));
        Assert.True(_session.Take(new FetchResponse { SessionId = 9 }));
        Assert.Equal("9/2 c0@0 -b0", Fill(ById, Target("a", 0, 5), Target("a", 1, 8), Target("c", 0, 0)));
        Assert.True(_session.Take(new FetchResponse { SessionId = 9 }));
        Assert.Equal("9/3 b0@1 -a0 -a1 -c0", Fill(ById, Target("b", 0, 1)));
    }

    [Fact]
    public void A_leader_epoch_that_moved_is_a_change()
    {
        Fill(ById, Target("a", 0, 5));
        _session.Take(new FetchResponse { SessionId = 9 });
        Assert.Equal("9/1 a0@5", Fill(ById, Target("a", 0, 5) with { LeaderEpoch = 8 }));
    }

    [Fact]
    public void A_broker_without_sessions_is_told_everything_each_time()
    {
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("0/0 a0@5", Fill(ById, Target("a", 0, 5)));
            Assert.True(_session.Take(new FetchResponse { SessionId = 0 }));
        }
    }

    [Fact]
    public void A_session_the_broker_forgot_is_begun_anew_and_one_that_is_confused_is_ended_first()
    {
        Begin();
        Assert.False(_session.Take(new FetchResponse { ErrorCode = ErrorCode.FetchSessionIdNotFound }));
        Assert.Equal("0/0 a0@5", Fill(ById, Target("a", 0, 5)));
        _session.Take(new FetchResponse { SessionId = 10 });
        Fill(ById, Target("a", 0, 6));
        Assert.False(_session.Take(new FetchResponse { ErrorCode = ErrorCode.InvalidFetchSessionEpoch }));
        Assert.Equal("10/0 a0@6", Fill(ById, Target("a", 0, 6)));
        _session.Take(new FetchResponse { SessionId = 11 });
        Fill(ById, Target("a", 0, 7));
        Assert.False(_session.Take(new FetchResponse { ErrorCode = ErrorCode.FetchSessionTopicIdError }));
        Assert.Equal("11/0 a0@7", Fill(ById, Target("a", 0, 7)));
    }

    [Fact]
    public void When_an_answer_was_lost_nobody_knows_and_it_begins_anew()
    {
        Begin();
        Fill(ById, Target("a", 0, 6));
        _session.Reset();
        Assert.Equal("9/0 a0@6", Fill(ById, Target("a", 0, 6)));
    }

    [Fact]
    public void A_topic_that_was_made_again_leaves_and_comes()
    {
        Begin();
        Assert.Equal("9/1 a0@5 -a0", Fill(ById, Target("a", 0, 5) with { TopicId = new Uuid(7, 7) }));
        Assert.Equal("a", _session.NameOf(new Uuid(7, 7)));
    }

    [Fact]
    public void Names_and_ids_share_no_session_and_old_brokers_have_none()
    {
        Begin();
        Assert.Equal("0/0 a0@5", Fill(ByName, Target("a", 0, 5)));
        _session.Take(new FetchResponse { SessionId = 12 });
        Assert.Equal("12/1 a0@6", Fill(ByName, Target("a", 0, 6)));
        Assert.Equal("0/0 a0@6", Fill(6, Target("a", 0, 6)));
    }

    [Fact]
    public void It_is_ended_by_its_last_number()
    {
        Begin();
        _session.FillEnd(_request);
        Assert.Equal((9, -1, 0), (_request.SessionId, _request.SessionEpoch, _request.Topics.Count));
        Assert.Equal(0, _session.Id);
    }

    private static FetchTarget Target(string topic, int partition, long offset) =>
        new(new PartitionState(new TopicPartition(topic, partition)), 1, new Uuid(1, topic[0]), offset, 3, 1000, IsFollower: false);

    private void Begin()
    {
        Fill(ById, Target("a", 0, 5));
        _session.Take(new FetchResponse { SessionId = 9 });
    }

    private string Fill(short version, params FetchTarget[] targets)
    {
        _session.Fill(targets, version, _request);
        var told = new List<string> { $"{_request.SessionId}/{_request.SessionEpoch}" };
        foreach (var topic in _request.Topics)
        {
            foreach (var partition in topic.Partitions) told.Add($"{topic.Topic}{partition.Partition}@{partition.FetchOffset}");
        }

        foreach (var topic in _request.ForgottenTopicsData)
        {
            foreach (var partition in topic.Partitions) told.Add($"-{topic.Topic}{partition}");
        }

        return string.Join(' ', told);
    }
}
