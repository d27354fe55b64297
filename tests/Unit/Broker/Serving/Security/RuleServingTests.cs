using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Rules;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files.Memory;
using Xunit;

namespace Moldau.Unit.Broker.Serving.Security;

/// <summary>Rules that are made and deleted hold at once, are there after a restart, and cost nothing where nobody asks.</summary>
public class RuleServingTests
{
    private static readonly (string, string)[] WithRules =
        [("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer"), ("super.users", "User:bob")];

    [Fact]
    public async Task A_rule_holds_when_its_making_is_answered_and_no_more_when_its_deletion_is()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings("PLAIN", WithRules));
        using var bob = await EnterAsync(broker, "bob", "builder");
        using var alice = await EnterAsync(broker, "alice", "wonder");
        await bob.CreateAsync("t");
        for (var round = 0; round < 5; round++)
        {
            Assert.Equal(ErrorCode.TopicAuthorizationFailed, await ProduceAsync(alice));
            Assert.Equal(ErrorCode.None, (await bob.AskAsync<CreateAclsResponse>(ApiKey.CreateAcls, 3, Making("t"))).Results[0].ErrorCode);
            Assert.Equal(ErrorCode.None, await ProduceAsync(alice));
            Assert.Single((await bob.AskAsync<DeleteAclsResponse>(ApiKey.DeleteAcls, 3, Deleting())).FilterResults[0].MatchingAcls);
        }

        Assert.Equal(ErrorCode.TopicAuthorizationFailed, await ProduceAsync(alice));
    }

    [Fact]
    public async Task Rules_are_there_after_a_restart_each_once_whoever_made_it_at_the_same_time()
    {
        var disk = new MemoryFileSystem(keepsHistory: false);
        await using (var broker = await TestBroker.StartAsync(disk: disk, settings: SaslTalk.Settings("PLAIN", WithRules)))
        {
            var making = Enumerable.Range(0, 4).Select(async _ =>
            {
                using var bob = await EnterAsync(broker, "bob", "builder");
                Assert.All((await bob.AskAsync<CreateAclsResponse>(ApiKey.CreateAcls, 3, Making([.. Enumerable.Range(0, 250).Select(static i => $"t{i}")]))).Results, static result => Assert.Equal(ErrorCode.None, result.ErrorCode));
            });
            await Task.WhenAll(making);
        }

        await using var again = await TestBroker.StartAsync(disk: disk, settings: SaslTalk.Settings("PLAIN", WithRules));
        using var other = await EnterAsync(again, "bob", "builder");
        var described = await other.AskAsync<DescribeAclsResponse>(ApiKey.DescribeAcls, 3, Listing());
        Assert.Equal(250, described.Resources.Count);
        Assert.All(described.Resources, static resource => Assert.Single(resource.Acls));
        Assert.Equal(250, (await other.AskAsync<DeleteAclsResponse>(ApiKey.DeleteAcls, 3, Deleting())).FilterResults[0].MatchingAcls.Count);
    }

    [Fact]
    public async Task Without_an_authorizer_there_are_no_rules_to_make_list_or_delete()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.SecurityDisabled, (await client.AskAsync<CreateAclsResponse>(ApiKey.CreateAcls, 3, Making("t"))).Results[0].ErrorCode);
        Assert.Equal(ErrorCode.SecurityDisabled, (await client.AskAsync<DeleteAclsResponse>(ApiKey.DeleteAcls, 3, Deleting())).FilterResults[0].ErrorCode);
        Assert.Equal(ErrorCode.SecurityDisabled, (await client.AskAsync<DescribeAclsResponse>(ApiKey.DescribeAcls, 3, Listing())).ErrorCode);
    }

    [Fact]
    public async Task A_regular_expression_matches_what_the_member_may_know_of()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings("PLAIN", WithRules));
        using var bob = await EnterAsync(broker, "bob", "builder");
        using var alice = await EnterAsync(broker, "alice", "wonder");
        var seen = await bob.CreateAsync("seen");
        await bob.CreateAsync("hidden");
        await bob.AskAsync<CreateAclsResponse>(ApiKey.CreateAcls, 3, Making("seen"));
        await bob.AskAsync<CreateAclsResponse>(ApiKey.CreateAcls, 3, new CreateAclsRequest { Creations = [new() { ResourceType = 3, ResourceName = "g", Principal = "User:alice", Host = "*", Operation = 3, PermissionType = 3 }] });
        await bob.AskAsync<FindCoordinatorResponse>(ApiKey.FindCoordinator, 4, new FindCoordinatorRequest { CoordinatorKeys = ["g"] });

        var joining = new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = "m", RebalanceTimeoutMs = 60_000, SubscribedTopicRegex = ".*n", TopicPartitions = [] };
        var joined = await alice.AskAsync<ConsumerGroupHeartbeatResponse>(ApiKey.ConsumerGroupHeartbeat, 1, joining);
        while (joined is { ErrorCode: ErrorCode.None } and not { Assignment.TopicPartitions.Count: > 0 })
            joined = await alice.AskAsync<ConsumerGroupHeartbeatResponse>(ApiKey.ConsumerGroupHeartbeat, 1, new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = "m", MemberEpoch = joined.MemberEpoch });
        Assert.Equal(ErrorCode.None, joined.ErrorCode);
        Assert.Equal([seen], joined.Assignment!.TopicPartitions.Select(static topic => topic.TopicId));
    }

    [Fact]
    public async Task What_was_decided_takes_no_memory_to_ask_again_and_is_bounded()
    {
        await using var broker = await TestBroker.StartAsync(settings: SaslTalk.Settings("PLAIN", WithRules));
        var authorizer = broker.Server.Handlers.All.First().Authorizer!;
        var subject = authorizer.Meet(new Principal(Principal.UserType, "alice"), "127.0.0.1");
        var question = new Question(subject, AclOperation.Read, AclResource.Topic, "t");
        for (var i = 0; i < 100; i++) authorizer.Allows(question);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) authorizer.Allows(question);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        for (var i = 0; i < Authorizer.MostDecisions + 100; i++) authorizer.Allows(question with { Name = $"t{i}" });
        Assert.InRange(authorizer.Kept, 1, Authorizer.MostDecisions);
    }

    private static async Task<Conversation> EnterAsync(TestBroker broker, string name, string password)
    {
        var client = await broker.ConnectAsync();
        Assert.Equal(ErrorCode.None, (await client.PlainAsync(name, password)).ErrorCode);
        return client;
    }

    private static async Task<ErrorCode> ProduceAsync(Conversation client) =>
        (await client.AskAsync<ProduceResponse>(ApiKey.Produce, 9, Conversation.Produce("t", Conversation.Batch("v")))).Responses[0].PartitionResponses[0].ErrorCode;

    private static CreateAclsRequest Making(params string[] topics)
    {
        var request = new CreateAclsRequest();
        foreach (var topic in topics)
            request.Creations.Add(new CreateAclsRequest.Acl { ResourceType = 2, ResourceName = topic, Principal = "User:alice", Host = "*", Operation = 2, PermissionType = 3 });
        return request;
    }

    private static DescribeAclsRequest Listing() =>
        new() { ResourceTypeFilter = 1, ResourceNameFilter = null, PatternTypeFilter = 1, PrincipalFilter = null, HostFilter = null, Operation = 1, PermissionType = 1 };

    private static DeleteAclsRequest Deleting() => new()
    {
        Filters = [new DeleteAclsRequest.Filter { ResourceTypeFilter = 1, ResourceNameFilter = null, PatternTypeFilter = 1, PrincipalFilter = "User:alice", HostFilter = null, Operation = 1, PermissionType = 1 }],
    };
}
