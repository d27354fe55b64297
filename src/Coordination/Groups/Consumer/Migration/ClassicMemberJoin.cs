using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Coordination.Groups.Consumer.Migration;

/// <summary>A JoinGroup to a consumer group: the member goes the same way as one that sends heartbeats, a step for each join.</summary>
internal sealed class ClassicMemberJoin(GroupMachine machine, ConsumerGroups groups, ConsumerGroup group, JoinGroupRequest request, MemberClient client, Outcome outcome)
{
    private readonly ConsumerRecords _records = new(group.Name);

    public void Run(bool requiresId, JoinGroupResponse response)
    {
        Check();
        var id = request.MemberId.Length == 0 ? groups.NewMemberId() : request.MemberId;
        if (requiresId && request.MemberId.Length == 0 && request.GroupInstanceId is null)
        {
            (response.ErrorCode, response.MemberId) = (ErrorCode.MemberIdRequired, id);
            return;
        }

        var subscription = Read();
        var before = request.GroupInstanceId is { } instance ? Static(id, instance) : group.FindMember(id) ?? new ConsumerMember(id);
        var replaced = group.StaticMember(request.GroupInstanceId);
        var member = Said(before, subscription);
        if (!member.SaysSameAs(before)) _records.Member(member);
        var namesChanged = !member.TopicNames.SequenceEqual(before.TopicNames, StringComparer.Ordinal);
        var regex = groups.Regexes.Update(group, before, member, static _ => true, _records, outcome);
        var step = new MembershipStep(group, groups.Surroundings, _records, outcome.Now);
        member = step.Take(before, member, namesChanged, regex, EmbeddedProtocol.Owned(subscription, machine.Topics));
        groups.Append(group, _records, outcome);
        if (replaced is not null && replaced.Id != member.Id) ConsumerTimers.Stop(group, replaced.Id, outcome);
        (response.MemberId, response.GenerationId, response.ProtocolType, response.ProtocolName) = (member.Id, member.Epoch, EmbeddedProtocol.Type, member.Classic!.Protocols[0].Key);
        if (replaced is { IsClassic: false } && Downgrade.IsDue(group, [], groups.Surroundings.Rules(group.Name), machine.Rules().MaxClassicSize))
        {
            Downgrade.Run(group, [], mustRebalance: group.TargetEpoch.Value.Epoch < group.EpochAndHash.Value.Epoch, machine, outcome);
            return;
        }

        ConsumerTimers.StopJoin(group, member.Id, outcome);
        groups.Timers.SetSession(group, member, outcome);
        ConsumerTimers.AwaitSync(group, member, outcome);
    }

    private void Check()
    {
        var rules = groups.Surroundings.Rules(group.Name);
        if (rules.Migration == MigrationPolicy.Disabled) throw Inconsistent($"group '{group.Name}' is of the consumer protocol, and migration is disabled");
        if (group.MemberCount >= rules.MaxSize && !group.HasMember(request.MemberId))
            throw new GroupRefusedException(ErrorCode.GroupMaxSizeReached, $"The consumer group has reached its maximum capacity of {rules.MaxSize} members.");
        if (request.ProtocolType != EmbeddedProtocol.Type || request.Protocols.Count == 0 ||
            !request.Protocols.Any(offer => group.Subscriptions.SupportersOf(offer.Name) == group.ClassicMemberCount))
            throw Inconsistent($"no protocol of member '{request.MemberId}' is known to all others");
    }

    private ConsumerProtocolSubscription Read()
    {
        try
        {
            return EmbeddedProtocol.Subscription(request.Protocols[0].Metadata);
        }
        catch (MalformedMessageException problem)
        {
            throw Inconsistent($"the subscription of member '{request.MemberId}' cannot be read: {problem.Message}");
        }
    }

    private ConsumerMember Static(string id, string instance)
    {
        var known = group.StaticMember(instance);
        if (request.MemberId.Length > 0)
        {
            MemberChecks.CheckInstance(known, id, instance);
            return known!;
        }

        if (known is null) return new ConsumerMember(id);
        var member = known with { Id = id, Epoch = 0, PreviousEpoch = 0 };
        _records.ForgetMember(known.Id);
        _records.Member(member);
        _records.Target(id, group.FindTarget(known.Id) ?? Assignment.Empty);
        _records.Current(member);
        return member;
    }

    private ConsumerMember Said(ConsumerMember before, ConsumerProtocolSubscription subscription) => before with
    {
        InstanceId = request.GroupInstanceId ?? before.InstanceId,
        RackId = string.IsNullOrEmpty(subscription.RackId) ? before.RackId : subscription.RackId,
        RebalanceTimeout = request.RebalanceTimeoutMs == -1 ? before.RebalanceTimeout : request.RebalanceTimeoutMs,
        TopicNames = [.. subscription.Topics.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
        TopicRegex = "",
        ClientId = client.Id,
        ClientHost = client.Host,
        Classic = new ClassicSide(
            request.SessionTimeoutMs, [.. request.Protocols.Select(static offer => new KeyValuePair<string, ReadOnlyMemory<byte>>(offer.Name, offer.Metadata.ToArray()))]),
    };

    private static GroupRefusedException Inconsistent(string what) => new(ErrorCode.InconsistentGroupProtocol, what);
}
