"""What columns and words are called in the wild, and what we call them.

Names are compared without case, spaces and punctuation: ``user_id``, ``userID``, ``User ID`` and ``USER_ID`` are one.
Within a list the first that is there wins.
"""

from collections.abc import Mapping


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


EVENT_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "user_id": _words(
        "userid user visitorid customerid customer clientid memberid accountid buyerid shopperid profileid "
        "reviewerid fullvisitorid msnoid personid uid cid"
    ),
    "item_id": _words(
        "itemid item productid product stockcode sku movieid asin articleid article parentasin contentid "
        "offerid bookid isbn goodsid trackid songid artistid recipeid listingid variantid productcode "
        "itemcode businessid locationid venueid videoid newsid gameid appid pid iid"
    ),
    "time": _words(
        "timestamp time datetime at eventtime eventtimestamp occurredat createdat date invoicedate invoicetime "
        "orderdate ordertime purchasedate purchasetime transactiondate transactiontime tdat unixreviewtime ts "
        "unixtime reviewtime ratedat visittime clicktime"
    ),
    "kind": _words(
        "kind eventtype feedbacktype behaviortype behaviourtype behavior behaviour interactiontype actiontype "
        "event eventname action activity type"
    ),
    "value": _words("value rating eventvalue weight score stars overall ratingvalue playcount plays count cnt"),
    "price": _words("price unitprice itemprice productprice saleprice priceperunit"),
    "quantity": _words("quantity qty units pieces itemcount orderedquantity"),
    "event_id": _words("eventid interactionid feedbackid eventuuid"),
    "session_id": _words("sessionid session usersession visitid"),
    "slate_id": _words("slateid recommid recommendationid impressionid"),
    "invoice": _words(
        "invoice invoiceno invoiceid invoicenumber orderid orderno ordernumber transactionid basketid receiptid billno"
    ),
}

ITEM_FACTS: Mapping[str, tuple[str, ...]] = {
    "title": _words(
        "title name itemname productname itemtitle producttitle movietitle displayname prodname description "
        "productdescription itemdescription package"
    ),
    "category": _words(
        "category categories categoryid categorycode maincategory productcategory itemcategory genre genres "
        "department producttype producttypename level2"
    ),
    "brand": _words("brand brandname manufacturer vendor publisher author developer artist"),
    "image": _words("image imageurl img picture pictureurl thumbnail"),
    "price": EVENT_COLUMNS["price"],
    "available": _words("available isavailable instock availability"),
}

USER_FACTS: Mapping[str, tuple[str, ...]] = {
    "country": _words("country countrycode"),
    "city": ("city",),
    "age": ("age",),
    "gender": ("gender", "sex"),
    "occupation": ("occupation",),
}

FACTS_TIME = _words("updatedat updated modifiedat lastmodified lastupdated asof validfrom timestamp")

# Words for what a user did; a word that is not here stays as it is, in lower case.
KINDS: Mapping[str, str] = {
    "view": "view pv pageview detailview productview itemview viewitem viewproduct productviewed",
    "click": "click clicks clickout",
    "cart": "cart addtocart addcart addedtocart basket addtobasket atc productadded",
    "remove_from_cart": "removefromcart productremoved",
    "purchase": "purchase buy bought order ordered transaction sale checkout purchased ordercompleted",
    "favourite": "fav favorite favourite wishlist addtofavorites addtowishlist",
    "like": "like liked",
    "rating": "rating rate rated review",
    "return": "return returned refund refunded cancel cancelled cancellation",
}
KIND_OF_WORD: Mapping[str, str] = {word: kind for kind, words in KINDS.items() for word in [*words.split(), kind]}


def plain(name: str) -> str:
    """A name without what differs between conventions; ``user_id:token`` (RecBole) loses its type."""
    base, _, suffix = name.partition(":")
    name = base if suffix in {"token", "token_seq", "float", "float_seq"} else name
    return "".join(letter for letter in name.casefold() if letter.isalnum())
