namespace Moldau.Broker.Security.Sasl;

/// <summary>The mechanisms there are, as they are registered.</summary>
internal static class SaslNames
{
    public const string Plain = "PLAIN";
    public const string ScramSha256 = "SCRAM-SHA-256";
    public const string ScramSha512 = "SCRAM-SHA-512";
    public const string OAuthBearer = "OAUTHBEARER";
    public const string Gssapi = "GSSAPI";

    /// <summary>Those this build speaks.</summary>
    public static readonly string[] All = [Plain, ScramSha256, ScramSha512, OAuthBearer, Gssapi];

    /// <summary>The login module that Kafka's files name for a mechanism, without its package.</summary>
    public static string Module(string mechanism) => mechanism switch
    {
        Plain => "PlainLoginModule",
        ScramSha256 or ScramSha512 => "ScramLoginModule",
        OAuthBearer => "OAuthBearerLoginModule",
        _ => "Krb5LoginModule",
    };
}
