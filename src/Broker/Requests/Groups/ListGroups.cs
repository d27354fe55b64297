using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests.Groups;

/// <summary>ListGroups: all shards are asked; where one cannot answer, none does.</summary>
internal sealed class ListGroups(CoordinatorTopic<GroupMachine> groups, NetworkLog log) : CoordinatorHandler<ListGroupsRequest, ListGroupsResponse>(log)
{
    protected override void Ask(Exchange exchange, ListGroupsRequest request, ExchangeReply<ListGroupsResponse> reply)
    {
        var (states, kinds) = (request.StatesFilter.ToList(), request.TypesFilter.ToList());
        var access = exchange.Access;
        var seesAll = access.IsOpen || access.AllowsCluster(AclOperation.Describe, isTold: false);
        var shards = groups.Shards;
        var lists = new List<ListGroupsResponse.Group>[shards.Count];
        var whole = new Whole(reply, lists);
        var gathered = new GatheredReply(whole);
        for (var i = 0; i < shards.Count; i++)
        {
            var list = lists[i] = [];
            var part = gathered.Part((error, _) => whole.Refuse(error));
            shards[i].Run(part, (machine, outcome) =>
            {
                machine.List(states, kinds, list);
                if (!seesAll) list.RemoveAll(group => !access.Allows(AclOperation.Describe, AclResource.Group, group.GroupId, isTold: false));
                outcome.Send(part);
            });
        }

        gathered.Ended();
    }

    protected override void Refuse(ListGroupsRequest request, ListGroupsResponse response, ErrorCode error, string? message) => response.ErrorCode = error;

    /// <summary>Puts the shards' lists together when all have answered.</summary>
    private sealed class Whole(ExchangeReply<ListGroupsResponse> reply, List<ListGroupsResponse.Group>[] lists) : Moldau.Coordination.Shards.PendingReply
    {
        private int _error;

        public void Refuse(ErrorCode error) => Volatile.Write(ref _error, (int)error);

        public override void Send()
        {
            if (Volatile.Read(ref _error) is var error and not 0)
            {
                reply.Fail((ErrorCode)error, null);
                return;
            }

            foreach (var list in lists)
            {
                foreach (var group in list) reply.Response.Groups.Add(group);
            }

            reply.Send();
        }

        public override void Fail(ErrorCode code, string? message) => reply.Fail(code, message);
    }
}
