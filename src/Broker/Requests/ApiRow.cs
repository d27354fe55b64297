using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Security;
using Moldau.Broker.Security.Rules;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Requests;

/// <summary>One API as this broker serves it: a row of <see cref="RequestHandlers"/>.</summary>
internal sealed class ApiRow
{
    private readonly int[] _listed = new int[(int)AclResource.User + 1];
    private readonly int[] _asked = new int[(int)AclResource.User + 1];
    private readonly AccessCheck[] _whole;

    public ApiRow(ApiKey key, RequestHandler handler, QuotaKind quota, params AccessCheck[] checks)
    {
        Api = ApiTable.Get(key);
        Handler = handler;
        Quota = quota;
        Checks = checks;
        _whole = [.. checks.Where(static check => check.IsWhole)];
        foreach (var check in checks) _listed[(int)check.Resource] |= 1 << (int)check.Operation;
    }

    public ApiDescription Api { get; }

    public RequestHandler Handler { get; set; }

    public QuotaKind Quota { get; }

    /// <summary>What a principal must be allowed, all of it or one of it as the API has it; what is asked about decides on which names.</summary>
    public IReadOnlyList<AccessCheck> Checks { get; }

    /// <summary>Null where nobody is refused anything.</summary>
    public Authorizer? Authorizer { get; set; }

    public AuditLog? Audit { get; set; }

    /// <summary>Whether later requests of the connection are not looked at before this one has its answer.</summary>
    public bool IsExclusive { get; init; } = true;

    /// <summary>Whether it may keep a thread: it waits for the disk.</summary>
    public bool RunsOnPool { get; init; }

    /// <summary>Whether its request holds bytes that are looked at after its start.</summary>
    public bool KeepsFrame { get; init; }

    /// <summary>Throws where what the API is part of is switched off; null where it cannot be.</summary>
    public Action? Requires { get; init; }

    /// <exception cref="InvalidOperationException">The row does not list it, and whoever reads the table would be misled.</exception>
    public void MustList(AclOperation operation, AclResource resource)
    {
        var bit = 1 << (int)operation;
        if ((_listed[(int)resource] & bit) == 0) throw new InvalidOperationException($"{Api.Name} asks for {operation} on {resource}, which its row does not list");
        // Written once: all lanes read it.
        if ((_asked[(int)resource] & bit) == 0) Interlocked.Or(ref _asked[(int)resource], bit);
    }

    /// <summary>Whether the check was ever made.</summary>
    public bool HasAsked(AccessCheck check) => (Volatile.Read(ref _asked[(int)check.Resource]) & (1 << (int)check.Operation)) != 0;

    /// <summary>Asks whether it is switched on, and makes those checks that are not about single resources.</summary>
    /// <exception cref="RequestRefusedException">It is refused as a whole.</exception>
    public void Admit(Exchange exchange)
    {
        Requires?.Invoke();
        if (Authorizer is null || _whole.Length == 0) return;
        var access = exchange.Access;
        for (var i = 0; i < _whole.Length; i++)
        {
            if (access.AllowsCluster(_whole[i].Operation, isTold: i == _whole.Length - 1)) return;
        }

        throw Access.Refused(_whole[^1].Operation, AclResource.Cluster, Access.Cluster);
    }
}
