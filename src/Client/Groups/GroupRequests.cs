using Moldau.Client.Connections;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Client.Groups;

/// <summary>Brings a member's requests to where they belong, on connections of its own: joining waits for others, and what came behind it would wait, too.</summary>
internal sealed class GroupRequests(ClientCore core, string group, GroupOptions options, int owner)
{
    private const short FirstLeaveOfSeveral = 3;

    // As Kafka's own client: the coordinator answers when the last member is there, or the time for that is over.
    private static readonly TimeSpan JoinMargin = TimeSpan.FromSeconds(5);

    private readonly Destination _coordinator = Destination.CoordinatorOfGroup(group);

    /// <exception cref="KafkaException">No answer came.</exception>
    public async Task<IMessage> SendAsync(IMessage request, CancellationToken cancellation)
    {
        try
        {
            var answer = await RouteAsync(request, cancellation).ConfigureAwait(false);
            var code = ErrorOf(answer);
            if (code != ErrorCode.None) core.Router.Learn(code is ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable ? _coordinator : Destination.Any, code);
            return answer;
        }
        catch (UnsupportedFieldException unsupported)
        {
            throw new KafkaException(ErrorCode.UnsupportedVersion, $"the coordinator is too old for what was asked: {unsupported.Message}", $"group '{group}'", unsupported);
        }
        catch (ObjectDisposedException closed)
        {
            throw new KafkaException(ErrorCode.NetworkException, "the client is closed", $"group '{group}'", closed) { IsTransient = false, IsFatal = true };
        }
    }

    /// <summary>Whether the coordinator has the consumer protocol, and whether that has patterns.</summary>
    public async Task<(bool HasConsumer, bool HasPatterns)> AskWhatItHasAsync(CancellationToken cancellation)
    {
        try
        {
            var connection = await core.Router.ConnectAsync(_coordinator, cancellation, ConnectionRole.Membership, owner).ConfigureAwait(false);
            return connection.Has(ApiKey.ConsumerGroupHeartbeat) ? (true, connection.Choose(ApiKey.ConsumerGroupHeartbeat) > 0) : (false, false);
        }
        catch (KafkaException failure)
        {
            core.Router.Learn(_coordinator, failure.Code);
            throw;
        }
    }

    /// <summary>Whether the coordinator has share groups.</summary>
    public async Task<bool> AskWhetherItSharesAsync(CancellationToken cancellation)
    {
        try
        {
            return (await core.Router.ConnectAsync(_coordinator, cancellation, ConnectionRole.Membership, owner).ConfigureAwait(false)).Has(ApiKey.ShareGroupHeartbeat);
        }
        catch (KafkaException failure)
        {
            core.Router.Learn(_coordinator, failure.Code);
            throw;
        }
    }

    private static ErrorCode ErrorOf(IMessage answer) => answer switch
    {
        JoinGroupResponse joined => joined.ErrorCode,
        SyncGroupResponse synced => synced.ErrorCode,
        HeartbeatResponse heard => heard.ErrorCode,
        LeaveGroupResponse left => left.ErrorCode,
        ConsumerGroupHeartbeatResponse heard => heard.ErrorCode,
        ShareGroupHeartbeatResponse heard => heard.ErrorCode,
        _ => ErrorCode.None,
    };

    private async Task<IMessage> RouteAsync(IMessage request, CancellationToken cancellation) => request switch
    {
        JoinGroupRequest => await AskAsync<JoinGroupResponse>(ApiKey.JoinGroup, request, JoinPatience, cancellation).ConfigureAwait(false),
        SyncGroupRequest => await AskAsync<SyncGroupResponse>(ApiKey.SyncGroup, request, JoinPatience, cancellation).ConfigureAwait(false),
        HeartbeatRequest => await AskAsync<HeartbeatResponse>(ApiKey.Heartbeat, request, HeartbeatPatience, cancellation).ConfigureAwait(false),
        ConsumerGroupHeartbeatRequest { MemberEpoch: >= 0 } => await AskAsync<ConsumerGroupHeartbeatResponse>(ApiKey.ConsumerGroupHeartbeat, request, HeartbeatPatience, cancellation).ConfigureAwait(false),
        // What leaves does not stand behind a request that it gave up.
        ConsumerGroupHeartbeatRequest => await core.Router.AskOnceAsync<ConsumerGroupHeartbeatResponse>(
            _coordinator, ApiKey.ConsumerGroupHeartbeat, _ => request, ConnectionRole.Requests, HeartbeatPatience, cancellation).ConfigureAwait(false),
        ShareGroupHeartbeatRequest => await AskAsync<ShareGroupHeartbeatResponse>(ApiKey.ShareGroupHeartbeat, request, HeartbeatPatience, cancellation).ConfigureAwait(false),
        LeaveGroupRequest leave => await core.Router.AskOnceAsync<LeaveGroupResponse>(
            _coordinator, ApiKey.LeaveGroup, version => Leave(leave, version), ConnectionRole.Requests, HeartbeatPatience, cancellation).ConfigureAwait(false),
        _ => await core.Router.AskOnceAsync<MetadataResponse>(
            Destination.Any, ApiKey.Metadata, _ => request, ConnectionRole.Requests, core.Options.RequestTimeout, cancellation).ConfigureAwait(false),
    };

    private static LeaveGroupRequest Leave(LeaveGroupRequest leave, short version) =>
        version >= FirstLeaveOfSeveral ? leave : new LeaveGroupRequest { GroupId = leave.GroupId, MemberId = leave.Members[0].MemberId };

    private TimeSpan JoinPatience => core.Options.RequestTimeout > options.RebalanceTimeout + JoinMargin ? core.Options.RequestTimeout : options.RebalanceTimeout + JoinMargin;

    // One that does not come is asked for again while the session lasts.
    private TimeSpan HeartbeatPatience => core.Options.RequestTimeout < options.SessionTimeout / 3 ? core.Options.RequestTimeout : options.SessionTimeout / 3;

    private Task<TResponse> AskAsync<TResponse>(ApiKey key, IMessage request, TimeSpan patience, CancellationToken cancellation)
        where TResponse : IMessage, new() =>
        core.Router.AskOnceAsync<TResponse>(_coordinator, key, _ => request, ConnectionRole.Membership, patience, cancellation, owner);
}
