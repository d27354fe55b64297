using Moldau.Broker.Coordinators;
using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Network;
using Moldau.Coordination.Groups;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Primitives;

namespace Moldau.Broker.Requests.Groups;

/// <summary>Describes groups of one of the kinds that came after the classic one: each is its coordinator's to tell, and nobody is told of topics he may not know.</summary>
internal abstract class KindDescribe<TRequest, TResponse, TGroup>(CoordinatorTopic<GroupMachine> groups, NetworkLog log) : CoordinatorHandler<TRequest, TResponse>(log)
    where TRequest : class, IMessage
    where TResponse : class, IMessage, new()
    where TGroup : class, new()
{
    /// <summary>What is said where a topic may not be known.</summary>
    protected abstract string Hidden { get; }

    protected override void Ask(Exchange exchange, TRequest request, ExchangeReply<TResponse> reply)
    {
        var (access, told, names, withOperations) = (exchange.Access, GroupsOf(reply.Response), NamesOf(request), WantsOperations(request));
        var gathered = new GatheredReply(reply);
        for (var index = 0; index < names.Count; index++)
        {
            var (place, name) = (index, names[index]);
            if (!access.Allows(AclOperation.Describe, AclResource.Group, name))
            {
                told.Add(Failed(name, ErrorCode.GroupAuthorizationFailed, $"no rule allows Describe on Group '{name}'"));
                continue;
            }

            if (name.Length == 0)
            {
                told.Add(Failed(name, ErrorCode.InvalidGroupId, "a group's id is not empty"));
                continue;
            }

            told.Add(Failed(name, ErrorCode.None, null));
            var part = gathered.Part((error, message) => told[place] = Failed(name, error, message));
            groups.Run(name, part, (machine, outcome) =>
            {
                var group = Describe(machine, name, withOperations ? access.Operations(AclResource.Group, name) : null);
                told[place] = access.IsOpen || MaySee(access, group) ? group : Failed(name, ErrorCode.TopicAuthorizationFailed, Hidden);
                outcome.Send(part);
            });
        }

        gathered.Ended();
    }

    protected override void Refuse(TRequest request, TResponse response, ErrorCode error, string? message)
    {
        foreach (var name in NamesOf(request)) GroupsOf(response).Add(Failed(name, error, message));
    }

    protected abstract WireList<string> NamesOf(TRequest request);

    protected abstract bool WantsOperations(TRequest request);

    protected abstract WireList<TGroup> GroupsOf(TResponse response);

    protected abstract TGroup Failed(string name, ErrorCode error, string? message);

    /// <param name="machine">Knows it.</param>
    /// <param name="name">The group's.</param>
    /// <param name="operations">To be told with it, where it is there; null where nobody asked.</param>
    protected abstract TGroup Describe(GroupMachine machine, string name, int? operations);

    protected abstract bool MaySee(in Access access, TGroup group);
}
